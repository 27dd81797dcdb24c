"""Requests to paste, and which aliases can point to the new index."""

from dataclasses import replace

import pytest

from bench.migrate.console_requests import (
    alias_request,
    create_request,
    filtered_by,
    search_request,
    switchable,
)
from bench.migrate.detect import detect
from bench.migrate.expected import expect
from bench.migrate.fields import choose_fields
from bench.migrate.plan import MigrationPlan, choose_target
from bench.migrate.sentences import outcome_text, plan_text, warnings
from bench.runs.errors import IndexStateError
from imgsig import get_words
from imgsig.layouts import get_layout


def plan_of(source, layout="tagged_column", k=None, **decisions):
    found = detect(source, k=k)
    copied = found.codec is None
    variant = choose_target(layout, source.index, found, copy_words=copied)
    return MigrationPlan(source, found, variant, choose_fields(source, **decisions), copied, 1, 0)


@pytest.mark.parametrize(
    ("layout", "fetched"),
    [
        (
            "tagged_column",
            {
                "_source": False,
                "docvalue_fields": ["signature", "path", "metadata.année", "timestamp"],
                "stored_fields": [
                    "metadata_json",
                    "timestamp_json",
                    "metadata.category",
                    "metadata.tags",
                ],
            },
        ),
        ("integer_filtered", {"_source": ["signature", "path", "metadata", "timestamp"]}),
    ],
)
def test_a_search_fetches_from_where_the_layout_keeps_it(as_source, records, layout, fetched):
    request, body = search_request(plan_of(as_source(records()), layout))
    assert request.startswith(f"GET /tester-{layout.replace('_', '-')}/_search?")
    assert {key: body[key] for key in fetched} == fetched
    assert len(body["query"]["bool"]["should"]) == 63


def test_words_alone_are_searched_as_they_were(as_source, records, signatures):
    plan = plan_of(as_source(records(codec="none")), "integer_filtered", k=16)
    _, body = search_request(plan)
    wanted = get_words(signatures[0]).tolist()
    found = [next(iter(one["term"].values())) for one in body["query"]["bool"]["should"]]
    assert found == wanted
    assert body["_source"] == ["path", "metadata", "timestamp"]


def test_the_new_index_is_created_by_name(as_source, records):
    plan = plan_of(as_source(records()), "tagged_column")
    assert create_request(plan) == (f"PUT /{plan.index}", plan.request())


ART = {"filter": {"term": {"metadata.category.keyword": "art"}}}
WRITTEN = {"is_write_index": True}


def test_aliases_are_switched_at_once_and_stay_as_they_are(as_source, records):
    plan = plan_of(as_source(records()))
    new = plan.index
    assert alias_request(plan)[1]["actions"] == [{"add": {"index": new, "alias": "ALIAS"}}]
    aliases = {"art": ART, "photos": WRITTEN}
    named = replace(plan, source=as_source(records(), aliases=aliases))
    assert alias_request(named)[1]["actions"] == [
        {"remove": {"index": "tester", "alias": "art"}},
        {"add": {"index": new, "alias": "art", **ART}},
        {"remove": {"index": "tester", "alias": "photos"}},
        {"add": {"index": new, "alias": "photos", **WRITTEN}},
    ]
    assert len(alias_request(named, without=["art"])[1]["actions"]) == 2


def test_only_aliases_whose_documents_are_migrated_are_switched(as_source, records):
    aliases = {"art": ART, "also_art": {**ART, "is_hidden": True}, "photos": {}}
    plan = plan_of(as_source(records(), aliases=aliases, alias="art", only=ART))
    assert list(switchable(plan)) == ["art", "also_art"]
    assert any("photos show other documents and stay" in told for told in warnings(plan))


@pytest.mark.parametrize(
    ("filter_", "layout", "decisions", "fields"),
    [
        (ART["filter"], "tagged_column", {}, None),
        (ART["filter"], "tagged_column", {"drop": ["metadata"]}, ["metadata"]),
        (ART["filter"], "tagged_column", {"keep": ["metadata"]}, ["metadata"]),
        (
            {"query_string": {"query": "metadata.n:3"}},
            "dynamic",
            {"keep": ["metadata"]},
            ["metadata"],
        ),
        ({"prefix": {"path.keyword": "a"}}, "tagged_column", {}, ["path"]),
        ({"prefix": {"path.keyword": "a"}}, "dynamic", {}, None),
    ],
)
def test_fields_that_a_filter_loses_are_told(
    as_source, records, filter_, layout, decisions, fields
):
    plan = plan_of(as_source(records(), aliases={"some": {"filter": filter_}}), layout, **decisions)
    assert filtered_by(plan).get("some") == fields
    assert any("alias some filters by" in told for told in warnings(plan)) == (fields is not None)


@pytest.mark.engine
@pytest.mark.slow
def test_what_an_alias_shows_is_migrated_and_caught_up(fresh, tmp_path):
    client = fresh.client
    fresh.add(range(90))  # every third has metadata
    for name, alias in (("art", ART), ("all", WRITTEN)):
        client.indices.put_alias(index=fresh.index, name=f"{fresh.index}-{name}", body=alias)
    whole, alias = fresh.index, f"{fresh.index}-art"
    fresh.index = alias
    plan = fresh.plan()
    assert (plan.source.index, plan.source.alias, plan.source.only) == (whole, alias, ART)
    assert (plan.source.documents, plan.source.index_documents) == (30, 90)
    assert plan.source.bytes_per_document == plan.source.store_bytes / 90
    told = plan_text(plan, expect(plan, tmp_path))
    assert f"{whole}, the 30 documents that alias {alias} shows of its 90 documents" in told
    outcome = fresh.perform(plan)
    assert outcome.verified.is_whole
    assert (outcome.verified.source, outcome.verified.destination) == (30, 30)
    fresh.index = whole
    fresh.add([90, 91])
    fresh.index = alias
    assert fresh.perform(plan).verified.destination == 31
    client.indices.update_aliases(**alias_request(plan)[1])
    assert list(client.indices.get_alias(name=alias)) == [plan.index]
    assert client.count(index=alias)["count"] == 31
    assert list(client.indices.get_alias(name=f"{whole}-all")) == [whole]
    fresh.index = whole
    with pytest.raises(IndexStateError, match="its only is"):  # all of it is another migration
        fresh.plan(name=plan.index)


@pytest.mark.slow
@pytest.mark.engine
def test_an_alias_that_would_show_others_is_not_switched(fresh):
    client = fresh.client
    fresh.add(range(60))
    aliases = {
        "art": ART,
        "first": {"filter": {"term": {"path.keyword": "https://example.org/1.jpg"}}},
        "all": WRITTEN,
    }
    for name, alias in aliases.items():
        client.indices.put_alias(index=fresh.index, name=f"{fresh.index}-{name}", body=alias)
    plan = fresh.plan("integer_filtered")
    outcome = fresh.perform(plan)
    assert outcome.verified.is_whole
    assert outcome.aliases == {
        f"{fresh.index}-first": "0 documents in the new index, 1 in the source"
    }
    text = outcome_text(plan, outcome, [])
    assert f"alias {fresh.index}-first is left as it is, as it would show 0 documents" in text
    assert "no field is under" not in text
    client.indices.update_aliases(**alias_request(plan, outcome.aliases)[1])
    now = client.indices.get_alias(index=plan.index)[plan.index]["aliases"]
    assert now == {f"{fresh.index}-art": ART, f"{fresh.index}-all": WRITTEN}
    assert client.count(index=f"{fresh.index}-art")["count"] == 20


def test_how_the_path_is_found_is_told(as_source, records):
    for layout, told in (("dynamic", False), ("long", True), ("tagged_column", True)):
        how = get_layout(layout).path_found
        found = warnings(plan_of(as_source(records()), layout))
        assert any(text.startswith(f"path is found {how}") for text in found) == told
