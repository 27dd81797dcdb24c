"""Comparing indices by name."""

import pytest

from bench.compare import compare_indices
from bench.errors import IndexStateError

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
