"""The storage protocol on the real engine."""

import json
from collections.abc import Iterator

import pytest

from bench.index.build import create_index, load_documents
from bench.index.storage import (
    GHOST,
    IndexSize,
    Loaded,
    Storage,
    field_bytes,
    ghost_of,
    lease_is_held,
    read_size,
    settle_and_measure,
    wait_for_leases,
)
from bench.index.variant import Variant
from bench.runs.errors import IndexStateError, MeasurementError

pytestmark = pytest.mark.engine


def load(engine, index: str, signatures, layout: str = "dynamic") -> None:
    codec = {"id": "int_array" if layout == "dynamic" else "packed"}
    variant = Variant(63, 16, codec, layout=layout, name=index)
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, signatures)


@pytest.fixture(scope="module")
def settled(engine, signatures) -> Iterator[tuple[str, Storage, bool, Storage]]:
    """A settled index, its storage, whether a lease was held before, and another's storage.

    The other keeps no ``_source``. Waiting for leases takes 30 seconds, once for both.
    """
    load(engine, "test-settled", signatures)
    load(engine, "test-sourceless", signatures, "tagged_column")
    held = lease_is_held(engine.client, "test-settled")
    both = [
        settle_and_measure(engine.client, index, len(signatures))
        for index in ("test-sourceless", "test-settled")
    ]
    yield "test-settled", both[1], held, both[0]
    engine.client.indices.delete(index="test-settled,test-sourceless")


@pytest.mark.slow
def test_a_settled_index_is_one_segment_whose_leases_have_passed(engine, settled, signatures):
    index, storage, was_held, _ = settled
    assert was_held
    assert not lease_is_held(engine.client, index)
    size = storage.size
    assert (size.documents, size.deleted, size.segments) == (len(signatures), 0, 1)
    assert (size.shards, size.replicas) == (1, 0)
    assert read_size(engine.client, index) == size
    assert 2000 < size.bytes_per_document < 6000
    assert storage.loaded.segments >= 2
    assert Storage.from_json(storage.to_json()) == storage
    loaded = Loaded(storage.loaded, storage.loaded_field_bytes)
    assert Loaded.from_json(loaded.to_json()) == loaded


@pytest.mark.slow
@pytest.mark.only_on("elasticsearch", reason="has no _disk_usage")
def test_fields_account_for_the_store(settled):
    storage = settled[1]
    total = sum(sum(sizes.values()) for sizes in storage.field_bytes.values())
    assert storage.size.store_bytes * 0.6 < total < storage.size.store_bytes * 1.1
    assert {"signature", "simple_word_0", "simple_word_62", "_source"} <= set(storage.field_bytes)
    assert storage.field_bytes["simple_word_0"]["points"] > 0


@pytest.mark.slow
def test_copies_for_recovery_are_waited_out(settled, signatures):
    _, storage, _, sourceless = settled
    assert sourceless.size.store_bytes < sourceless.loaded.store_bytes - 200 * len(signatures)
    # Indices this small are mostly overhead, so what is known is how they compare.
    assert sourceless.size.store_bytes < storage.size.store_bytes / 4


@pytest.mark.slow
@pytest.mark.only_on("elasticsearch", reason="has no _disk_usage")
def test_what_the_copies_took_is_told(settled, signatures):
    _, storage, _, sourceless = settled
    assert storage.ghost_bytes == 0
    assert sourceless.ghost_bytes > 200 * len(signatures)
    assert not sourceless.field_bytes.get(GHOST)


@pytest.mark.slow
def test_mapping_and_settings_are_recorded(settled):
    storage = settled[1]
    assert storage.mappings["properties"]["simple_word_0"] == {"type": "long"}
    assert storage.settings["index"]["number_of_shards"] == "1"


@pytest.mark.slow
def test_a_wrong_number_of_documents_is_an_error(engine, settled):
    with pytest.raises(MeasurementError, match="290 documents of 291"):
        settle_and_measure(engine.client, settled[0], 291)


@pytest.mark.only_on("elasticsearch", reason="has no synthetic _source")
def test_a_synthetic_source_is_copied_unless_the_engine_makes_the_copy_anew(
    engine, index_name, signatures
):
    load(engine, index_name, signatures[:100], "tagged_synthetic_column")
    fields = field_bytes(engine.client, index_name)
    client, setting = engine.client, "index.recovery.use_synthetic_source"
    read = client.indices.get_settings(index=index_name, include_defaults=True, flat_settings=True)
    # 8.19 and 9.2 do, 8.18 and 9.0 do not.
    anew = read[index_name]["defaults"].get(setting) == "true"
    assert (sum(fields.get(GHOST, {}).values()) > 200 * 100) != anew
    assert (f"{GHOST}_size" in fields) == anew


def test_a_missing_index_is_named(engine):
    with pytest.raises(IndexStateError, match="no index 'nowhere'; there are: "):
        read_size(engine.client, "nowhere")


def test_a_held_lease_is_an_error_in_the_end(engine, index_name, signatures):
    variant = Variant(20, 16, {"id": "none"}, name=index_name)
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, signatures[:20])
    assert lease_is_held(engine.client, index_name)
    with pytest.raises(MeasurementError, match="retention lease"):
        wait_for_leases(engine.client, index_name, timeout=0.1)


def test_an_index_without_operations_has_none_to_wait_for(engine, index_name):
    engine.client.indices.create(index=index_name, settings={"number_of_replicas": 0})
    assert wait_for_leases(engine.client, index_name, timeout=5) < 5


@pytest.mark.only_on("elasticsearch", reason="has no _disk_usage")
def test_every_structure_is_named_by_field(engine, index_name, signatures):
    variant = Variant(20, 16, {"id": "packed"}, layout="tagged_column", name=index_name)
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, signatures[:100])
    fields = field_bytes(engine.client, index_name)
    assert set(fields["simple_words"]) == {"points"}
    assert set(fields["signature"]) == set(fields["path"]) == {"doc_values"}
    assert fields["signature"]["doc_values"] >= 100 * 189
    assert set(fields["_id"]) == {"stored_fields", "inverted_index"}
    assert all(size > 0 for sizes in fields.values() for size in sizes.values())


def test_what_an_engine_does_not_tell_is_not_zero():
    size = IndexSize(1, 0, 1, 1, 0, 100, 0)
    storage = Storage(size, size, None, 1.0, None, None, {}, {})
    assert storage.ghost_bytes is None
    again = Storage.from_json(json.loads(json.dumps(storage.to_json())))
    assert again == storage
    assert Loaded.from_json(Loaded(size, None).to_json()) == Loaded(size, None)
    assert ghost_of({"_source": {"stored_fields": 3}}) == 0
