"""Requests to paste."""

import pytest

from bench.migrate.console_requests import create_request, search_request
from bench.migrate.detect import detect
from bench.migrate.fields import choose_fields
from bench.migrate.plan import Plan
from bench.migrate.target import choose_target
from imgsig import get_words


def plan_of(source, layout, k=None, **options):
    found = detect(source, k=k)
    copied = found.codec is None
    variant = choose_target(layout, source.index, found, copy_words=copied, **options)
    return Plan(source, found, variant, choose_fields(source), copied, 1, 0)


@pytest.mark.parametrize(
    ("layout", "fetched"),
    [
        (
            "tagged_column",
            {
                "_source": False,
                "docvalue_fields": ["signature", "path"],
                "stored_fields": ["metadata_json", "timestamp_json"],
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
