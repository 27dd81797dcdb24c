"""Comparing indices by name."""

import pytest

from bench.compare import compare_indices
from bench.runs.errors import IndexStateError

pytestmark = pytest.mark.engine


def test_sizes_and_warnings(engine, index_name):
    client = engine.client
    client.indices.create(index=index_name, mappings={"_source": {"excludes": ["x"]}})
    for document in range(5):
        client.index(index=index_name, id=str(document), document={"path": "x"}, refresh=True)
    client.delete(index=index_name, id="0", refresh=True)
    client.indices.flush(index=index_name)  # only what is committed is analysed
    (compared,) = compare_indices(client, [index_name], analyze=True)
    assert compared.size.documents == 4
    told = " ".join(compared.warnings)
    assert "not merged" in told
    assert "retention lease" in told
    assert "1 replicas" in told
    assert compared.ghost_bytes > 0
    assert "_recovery_source" in told
    assert compared.of_first(compared) == 1
    with pytest.raises(IndexStateError, match="nowhere"):
        compare_indices(client, [index_name, "nowhere"])


@pytest.mark.slow
def test_what_was_not_flushed_is_unknown_and_not_zero(engine, index_name):
    client = engine.client
    client.indices.create(index=index_name, mappings={"_source": {"excludes": ["x"]}})
    for number in range(200):
        client.index(index=index_name, document={"path": str(number)})
    client.indices.refresh(index=index_name)

    def analysed():
        (compared,) = compare_indices(client, [index_name], analyze=True)
        return compared.fields, compared.ghost_bytes, " ".join(compared.warnings)

    fields, ghost, told = analysed()
    assert (fields, ghost) == (None, None)
    assert "unknown, copies for recovery among them: 200 operations" in told
    assert f"POST /{index_name}/_flush" in told
    client.indices.flush(index=index_name)
    fields, ghost, told = analysed()
    assert fields["_source"]
    assert ghost > 0
    assert "operations" not in told
    client.index(index=index_name, document={"path": "late"}, refresh=True)
    fields, ghost, told = analysed()  # one of 201: a figure, and what it leaves out
    assert ghost > 0
    assert "1 operations after its last flush are not in the bytes by field" in told


def test_nested_objects_are_no_documents(engine, index_name):
    client = engine.client
    nested = {"properties": {"metadata": {"type": "nested"}}}
    client.indices.create(index=index_name, mappings=nested)
    for _ in range(3):
        client.index(index=index_name, document={"metadata": [{"n": 1}, {"n": 2}]}, refresh=True)
    stats = client.indices.stats(index=index_name, metric="docs")
    assert stats["_all"]["primaries"]["docs"]["count"] == 9
    (compared,) = compare_indices(client, [index_name])
    assert compared.size.documents == 3
    assert compared.bytes_per_document == compared.size.store_bytes / 3


def test_an_alias_stands_for_its_indices(engine, index_name):
    client, other = engine.client, f"{index_name}-other"
    for index in (index_name, other):
        client.index(index=index, document={"n": 1}, refresh=True)
    client.index(index=index_name, document={"n": 2}, refresh=True)
    client.indices.put_alias(index=f"{index_name},{other}", name=f"{index_name}-both")
    few = {"term": {"n": 2}}
    client.indices.put_alias(index=index_name, name=f"{index_name}-few", filter=few)
    try:
        both = compare_indices(client, [f"{index_name}-both", other])
        assert [one.index for one in both] == [index_name, other]
        (one,) = compare_indices(client, [f"{index_name}-few"])
        assert (one.index, one.size.documents) == (index_name, 2)
        assert f"alias {index_name}-few shows 1 of its documents" in one.warnings[0]
        with pytest.raises(IndexStateError, match="no index 'nothing-\\*'"):
            compare_indices(client, ["nothing-*"])
    finally:
        client.indices.delete(index=other)


def test_an_empty_index_has_no_bytes_a_document(engine, index_name):
    engine.client.indices.create(index=index_name)
    (compared,) = compare_indices(engine.client, [index_name])
    assert compared.bytes_per_document is None
    assert compared.of_first(compared) is None
    assert compared.ghost_bytes is None
    assert any("empty" in warning for warning in compared.warnings)


def test_nothing_is_written(finished, engine):
    names = ["made_array", "made_none"]

    def state():
        stats = engine.client.indices.stats(index=",".join(names))["_all"]["primaries"]
        counters = {part: stats[part]["total"] for part in ("merges", "flush", "refresh")}
        return counters | {
            "indexed": stats["indexing"]["index_total"],
            "deleted": stats["indexing"]["delete_total"],
            "translog": stats["translog"]["operations"],
            **{part: stats[part] for part in ("docs", "store", "segments")},
        }

    before = state()
    compare_indices(engine.client, names, analyze=True)
    after = state()
    for part in before:
        assert after[part] == before[part], part
