"""The storage protocol on the real engine."""

from collections.abc import Iterator

import pytest

from bench.errors import IndexStateError, MeasurementError
from bench.indexing import create_index, load_documents
from bench.storage import (
    Storage,
    lease_is_held,
    read_size,
    settle_and_measure,
    wait_for_leases,
)
from bench.variant import Variant

pytestmark = pytest.mark.engine


def load(engine, index: str, signatures) -> None:
    variant = Variant(63, 16, {"id": "int_array"}, name=index)
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, signatures)


@pytest.fixture(scope="module")
def settled(engine, signatures) -> Iterator[tuple[str, Storage, bool]]:
    """A settled index, its storage, and whether a lease was held before (it takes 30 seconds)."""
    load(engine, "test-settled", signatures)
    held = lease_is_held(engine.client, "test-settled")
    storage = settle_and_measure(engine.client, "test-settled", len(signatures))
    yield "test-settled", storage, held
    engine.client.indices.delete(index="test-settled")


def test_a_settled_index_is_one_segment_whose_leases_have_passed(engine, settled, signatures):
    index, storage, was_held = settled
    assert was_held
    assert not lease_is_held(engine.client, index)
    size = storage.size
    assert (size.documents, size.deleted, size.segments) == (len(signatures), 0, 1)
    assert (size.shards, size.replicas) == (1, 0)
    assert read_size(engine.client, index) == size
    assert 2000 < size.bytes_per_document < 6000
    assert storage.loaded.segments >= 2
    assert Storage.from_json(storage.to_json()) == storage


def test_fields_account_for_the_store(settled):
    _, storage, _ = settled
    total = sum(sum(sizes.values()) for sizes in storage.field_bytes.values())
    assert storage.size.store_bytes * 0.6 < total < storage.size.store_bytes * 1.1
    assert {"signature", "simple_word_0", "simple_word_62", "_source"} <= set(storage.field_bytes)
    assert storage.field_bytes["simple_word_0"]["points"] > 0


def test_mapping_and_settings_are_recorded(settled):
    _, storage, _ = settled
    assert storage.mappings["properties"]["simple_word_0"] == {"type": "long"}
    assert storage.settings["index"]["number_of_shards"] == "1"


def test_a_wrong_number_of_documents_is_an_error(engine, settled):
    with pytest.raises(MeasurementError, match="290 documents of 291"):
        settle_and_measure(engine.client, settled[0], 291)


def test_a_held_lease_is_an_error_in_the_end(engine, index_name, signatures):
    load(engine, index_name, signatures[:20])
    assert lease_is_held(engine.client, index_name)
    with pytest.raises(MeasurementError, match="retention lease"):
        wait_for_leases(engine.client, index_name, timeout=0.1)


def test_a_missing_index_is_named(engine):
    with pytest.raises(IndexStateError, match="no index 'nowhere'; there are: "):
        read_size(engine.client, "nowhere")


def test_a_red_index_is_an_error(engine, index_name):
    engine.client.indices.create(
        index=index_name,
        settings={"number_of_replicas": 0, "index.routing.allocation.require._name": "nobody"},
        wait_for_active_shards=0,
        timeout="1s",
    )
    with pytest.raises(IndexStateError, match="red: 0 of 1"):
        read_size(engine.client, index_name)
