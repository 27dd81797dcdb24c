"""Documents are added as long as an index is searched, and are gone afterwards."""

import threading
import time
from dataclasses import replace

import pytest

from bench.cost.ingest import adding_documents
from bench.cost.searching import measure_condition
from bench.cost.settings import ADDED, Condition, Cost
from bench.index.build import create_index, delete_index
from bench.runs.errors import IndexStateError, MeasurementError

COST = Cost(resamples=200, indexing={"documents": 50})
pytestmark = pytest.mark.engine


def test_documents_go_to_another_index_while_searches_are_timed(engine, loaded):
    client, (first, second) = engine.client, loaded.variants
    before = [client.count(index=one.index_name)["count"] for one in loaded.variants]
    samples = measure_condition(
        client, loaded.variants, loaded.signed, Condition(ingest=True), 12, COST, run="run"
    )
    assert samples.groupby("variant").size().to_dict() == {
        first.index_name: 12,
        second.index_name: 12,
    }
    assert samples["ingest"].all()
    own, other = (part["query"].to_list() for _, part in samples.groupby("variant"))
    assert own == other
    assert [client.count(index=one.index_name)["count"] for one in loaded.variants] == before
    for one in loaded.variants:
        assert not client.indices.exists(index=f"{one.index_name}{ADDED}")


def test_each_request_adds_further_documents(engine, loaded):
    variant = loaded.variants[1]
    other = f"{variant.index_name}{ADDED}"
    with adding_documents(engine.client, variant, loaded.signed, 50, "run"):
        counts = []
        while len(counts) < 3:
            engine.client.indices.refresh(index=other)
            count = engine.client.count(index=other)["count"]
            if count not in counts:
                counts.append(count)
    assert counts == sorted(counts)
    assert counts[0] >= 50


def block_until_noticed(client, index):
    """Block an index for writing, and wait until a request has met that."""
    client.indices.put_settings(index=index, settings={"index": {"blocks": {"write": True}}})
    for _ in range(1000):
        if not any(one.name == "adding documents" for one in threading.enumerate()):
            return
        time.sleep(0.02)
    raise TimeoutError(f"documents are still added to {index}")


def test_what_cannot_be_added_ends_the_measurement(engine, loaded):
    variant = loaded.variants[0]
    other = f"{variant.index_name}{ADDED}"
    with (
        pytest.raises(MeasurementError, match="could not be added"),
        adding_documents(engine.client, variant, loaded.signed, 50, "run"),
    ):
        block_until_noticed(engine.client, other)
    assert not engine.client.indices.exists(index=other)


def test_an_index_of_someone_else_is_left(engine, loaded):
    variant = loaded.variants[0]
    other = replace(variant, name=f"{variant.index_name}{ADDED}")
    create_index(engine.client, other, "another run")
    try:
        with (
            pytest.raises(IndexStateError, match="left untouched"),
            adding_documents(engine.client, variant, loaded.signed, 50, "run"),
        ):
            pass
        assert engine.client.indices.exists(index=other.index_name)
    finally:
        delete_index(engine.client, other.index_name, "another run")
