"""Migrations on the real engine, from beginning to end."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from bench.engine.capabilities import Capabilities
from bench.engine.client import is_safe
from bench.migrate import Wanted, begin, plan_migration, remaining
from bench.migrate.convert import refused_in_sample
from bench.migrate.destination import MARK
from bench.runs.errors import ExperimentError, IndexStateError
from imgsig import normalized_distance
from tests.faults.http_proxy import proxy_of
from tests.shared import STARTED, bulk, client_at

pytestmark = pytest.mark.engine


def hits_of(client, index, query):
    answer = client.search(index=index, query=query, size=300, source=False)
    return {hit["_id"]: hit["_score"] for hit in answer["hits"]["hits"]}


def assert_same_hits(made, plan, signature, words):
    """The words of a signature find the same in both indices, with the same scores."""
    old = [{"term": {f"simple_word_{i}": word}} for i, word in enumerate(words.tolist())]
    new = plan.layout.matcher.query(plan.variant.scheme, signature, 300, None)
    found = hits_of(made.client, made.index, {"bool": {"should": old}})
    assert len(found) > 1
    assert hits_of(made.client, plan.index, new) == found


@pytest.mark.parametrize(
    ("to", "options"),
    [
        ("tagged_column", {}),
        pytest.param(
            "integer_filtered", {"codec_to": "base62", "strip": "half"}, marks=pytest.mark.slow
        ),
        pytest.param(
            "tagged_synthetic",
            {"searchable": ["metadata"]},
            marks=[
                pytest.mark.slow,
                pytest.mark.only_on("elasticsearch", reason="has no synthetic _source"),
            ],
        ),
        pytest.param("tagged_stored", {"keep": ["metadata"]}, marks=pytest.mark.slow),
    ],
)
def test_a_new_index_finds_the_same_and_keeps_what_it_should(arrays, to, options):
    plan = arrays.plan(to, **options)
    outcome = arrays.perform(plan)
    found = outcome.verified
    assert found.is_whole
    assert (found.source, found.destination, found.refused) == (290, 290, 0)
    assert found.compared == 290
    assert found.values == 290 * 648
    assert found.words == found.searched * 63
    assert found.searched >= 200
    # Shards of one segment would keep their copies for recovery when they are merged.
    assert outcome.destination.segments >= 2 * outcome.destination.shards
    for number in (0, 100, 289):
        signature = arrays.signatures[number]
        assert_same_hits(arrays, plan, signature, plan.detected.scheme.words(signature))


@pytest.mark.slow
def test_text_signatures_are_found_out(fresh):
    fresh.add(range(100), "base62")
    plan = fresh.plan("tagged_integer", codec_to="packed")
    assert plan.detected.codec.get_config() == {"id": "base62", "strip": "none"}
    assert fresh.perform(plan).verified.is_whole
    hit = fresh.client.get(index=plan.index, id="d42")["_source"]
    codec = plan.variant.get_codec()
    decoded = codec.decode(codec.from_json(hit["signature"]))
    assert normalized_distance(decoded[np.newaxis], fresh.signatures[42])[0] == 0
    assert hit["metadata"] == {"category": "art", "tags": ["b", "a"], "année": 21.0}
    assert hit["timestamp"] == "2016-03-04T12:34:56.000042"


@pytest.fixture
def below_a_name(fresh, records):
    """Documents as image-match3 writes them, one of them of a client of before, and one field more.

    One path and some metadata have what a byte that is no UTF-8 becomes in a file name.
    """
    name = os.fsdecode(b"caf\xe9.jpg")
    documents = records(9)
    documents[2]["path"] = name
    documents[3]["metadata"] = {name: [{"name": name}]}
    actions = [
        {"_id": f"d{n}", "owner": n, **({"image": document} if n else document)}
        for n, document in enumerate(documents)
    ]
    bulk(fresh.client, actions, index=fresh.index, refresh=True)
    return fresh, documents


@pytest.mark.slow
@pytest.mark.parametrize(("to", "refused"), [("tagged_column", 1), ("integer_filtered", 0)])
def test_fields_below_a_name_are_read(below_a_name, to, refused):
    made, documents = below_a_name
    with pytest.raises(IndexStateError, match="words in several places"):
        made.plan(to, keep=["owner"])
    assert refused_in_sample(made.plan(to, keep=["owner"], prefixes=["image"]))["d0"] == (
        "field '.path' without a decision: if it is new in the source, repeat the command, or drop "
        "it (--drop)"
    )
    plan = made.plan(to, keep=["owner"], prefixes=["", "image"], searchable=["metadata"])
    assert plan.detected.documents == 9
    outcome = made.perform(plan)
    found = outcome.verified
    assert (found.compared, found.refused, found.is_whole) == (9 - refused, refused, True)
    for reason in outcome.refused.values():
        assert r"path 'caf\udce9.jpg' has a lone surrogate" in reason
        reason.encode()
    hits = made.client.search(index=plan.index, **plan.kept.fetch())["hits"]["hits"]
    kept = {hit["_id"]: plan.kept.fetched(hit) for hit in hits}
    assert kept["d3"] == {
        "metadata": documents[3]["metadata"],
        "owner": 3,
        "timestamp": documents[3]["timestamp"],
    }
    found_by = {"term": {"metadata.category.keyword": "art"}}
    assert set(hits_of(made.client, plan.index, found_by)) == {"d0", "d6"}


@pytest.mark.slow
def test_an_index_without_signatures_keeps_its_words(fresh):
    fresh.add(range(60), "none")
    with pytest.raises(ExperimentError, match="--k 16 is image-match's default"):
        fresh.plan()
    with pytest.raises(ExperimentError, match="nothing to store"):
        fresh.plan(k=16, codec_to="base62")
    with pytest.raises(ExperimentError, match="its words tell only signs"):
        fresh.plan("vector_bit_flat", k=16)
    with pytest.raises(
        ExperimentError, match=r"none of the 60 .* a word that is not an integer from 0 to 2"
    ):
        fresh.plan(k=1)
    plan = fresh.plan(k=16)
    outcome = fresh.perform(plan)
    assert outcome.verified.is_whole
    assert outcome.verified.values == 0
    signature = fresh.signatures[7]
    assert_same_hits(fresh, plan, signature, plan.detected.scheme.words(signature))


@pytest.mark.slow
def test_the_source_is_only_read(arrays, engine):
    client = arrays.client

    def state():
        stats = client.indices.stats(index=arrays.index, level="shards")["indices"]
        shards = stats[arrays.index]["shards"]
        return (
            client.indices.get(index=arrays.index).body,
            {n: (c[0]["seq_no"], c[0]["docs"], c[0]["commit"]["id"]) for n, c in shards.items()},
        )

    # The engine itself flushes what nobody has written to for five minutes.
    client.indices.flush(index=arrays.index, wait_if_ongoing=True)
    before = state()
    with proxy_of(engine.url) as proxy, client_at(proxy.url, engine) as through:
        seen = replace(arrays, client=through)
        plan = seen.plan()
        sent = [(one.method, one.target) for one in proxy.exchanges]
        assert sent
        assert all(is_safe(*one) for one in sent)  # a plan writes nothing at all
        seen.perform(plan)
        sent = [(one.method, one.target) for one in proxy.exchanges]
    written = [target for method, target in sent if not is_safe(method, target)]
    assert len(written) > 5
    assert all(target.startswith(f"/{plan.index}") or target == "/_bulk" for target in written)
    assert state() == before


KILLED = """\
import sys
from pathlib import Path
from bench.engine import open_engine
from bench.migrate import Pace, Wanted, begin, perform, plan_migration
source, name = sys.argv[1:]
with open_engine(Path()) as engine:
    client = engine.client
    plan = plan_migration(client, Wanted(source, "tagged_column", name=name))
    perform(client, plan, begin(client, plan), Pace(batch=20, per_second=40))
"""


@pytest.mark.slow
def test_a_killed_migration_goes_on(arrays, engine):
    plan, client = arrays.plan(), arrays.client
    command = [sys.executable, "-c", KILLED, arrays.index, plan.index]
    with subprocess.Popen(command, env=os.environ | {"ES_URL": engine.url}) as process:
        deadline = time.monotonic() + STARTED
        while True:
            assert process.poll() is None
            assert time.monotonic() < deadline
            if client.indices.exists(index=plan.index):
                mapping = client.indices.get_mapping(index=plan.index)[plan.index]["mappings"]
                if mapping["_meta"][MARK]["done"]:
                    break
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    client.indices.refresh(index=plan.index)
    assert 0 < client.count(index=plan.index)["count"] < 290
    left = remaining(plan, begin(client, plan))
    assert 0 < left < 290
    copied = []
    outcome = arrays.perform(plan, advance=copied.append)
    assert outcome.verified.is_whole
    assert sum(copied) == left


@pytest.mark.slow
def test_changes_meanwhile_are_told_and_caught_up(fresh):
    fresh.add(range(100))
    plan = fresh.plan()
    late = []

    def change(done):
        if not late:
            late.append(done)
            fresh.add(range(100, 110))
            fresh.add([0, 99], path="changed.jpg")

    found = fresh.perform(plan, advance=change).verified
    assert (found.behind, found.is_whole, found.surplus) == (12, False, 0)
    again = []
    outcome = fresh.perform(plan, advance=again.append)
    assert sum(again) == 12
    assert outcome.verified.is_whole
    assert outcome.verified.destination == 110
    changed = fresh.client.search(
        index=plan.index, query={"ids": {"values": ["d0"]}}, **plan.layout.fetch("path")
    )
    assert plan.layout.stored_path(changed["hits"]["hits"][0]) == "changed.jpg"
    fresh.client.delete(index=fresh.index, id="d5", refresh=True)
    deleted = fresh.perform(plan).verified
    assert (deleted.surplus, deleted.is_whole) == (1, False)


def test_a_layout_that_the_engine_cannot_hold_is_refused_before_anything_is_made(
    arrays, monkeypatch
):
    plan = replace(arrays.plan("vector_bit_flat"), engine={"name": "opensearch", "version": "3.3"})
    asked = []

    def ask(client, probe, mark, wanted):
        asked.append(set(wanted))
        return Capabilities(bit_vectors=False)

    monkeypatch.setattr("bench.migrate.migration.ask_capabilities", ask)
    with pytest.raises(ExperimentError, match=r"OpenSearch 3.3 cannot hold the index .*--to.*work"):
        begin(arrays.client, plan)
    assert asked == [{"bit_vectors"}]
    # No release of OpenSearch has vectors of this kind: a plan is refused unasked.
    with pytest.raises(ExperimentError, match=r"OpenSearch cannot hold the index .*--to.*work"):
        plan_migration(
            arrays.client, Wanted(arrays.index, "vector_sign_flat"), engine={"name": "opensearch"}
        )
    assert len(asked) == 1
    assert not arrays.client.indices.exists(index=plan.index)


@pytest.mark.slow
def test_fields_that_come_later_are_mapped_as_in_the_source(fresh):
    fresh.add(range(30))
    first = fresh.plan()
    fresh.add([30], url="https://example.org", metadata={"new": 3})
    told = fresh.perform(first)
    assert "field 'url' without a decision" in told.refused["d30"]
    fresh.add([31], metadata={"newer": "x"})
    again = fresh.plan(name=first.index)
    outcome = fresh.perform(again)
    assert (outcome.refused, outcome.verified.is_whole) == ({}, True)
    assert outcome.verified.destination == 32
    assert hits_of(fresh.client, first.index, {"term": {"metadata.new": 3}}).keys() == {"d30"}
    assert hits_of(fresh.client, first.index, {"match": {"url": "https"}}).keys() == {"d30"}
    assert hits_of(fresh.client, first.index, {"term": {"metadata.newer": "x"}}).keys() == {"d31"}


def test_the_new_index_cannot_be_the_source(arrays):
    with pytest.raises(ExperimentError, match="that is the source"):
        arrays.plan(name=arrays.index)
    arrays.targets.remove(arrays.index)
