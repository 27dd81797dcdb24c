"""Which indices can be migrated."""

import pytest

from bench.migrate.source import read_source
from bench.runs.errors import IndexStateError

pytestmark = pytest.mark.engine


def test_what_is_known_of_an_index(arrays):
    source = read_source(arrays.client, arrays.index)
    assert (source.documents, source.shards, source.N) == (290, 2, 63)
    assert source.refresh_seconds == 0.05
    assert source.store_bytes > 100_000
    assert source.properties["simple_word_62"] == {"type": "long"}


def test_an_alias_stands_for_its_index(fresh):
    fresh.add(range(3))
    fresh.client.indices.put_alias(index=fresh.index, name=f"{fresh.index}-alias")
    source = read_source(fresh.client, f"{fresh.index}-alias")
    assert (source.index, source.aliases) == (fresh.index, {f"{fresh.index}-alias": {}})
    assert (source.alias, source.only) == ("", {})
    with pytest.raises(IndexStateError, match="stands for 2 indices"):
        read_source(fresh.client, f"{fresh.index},migrate-arrays")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"mappings": {"_source": {"enabled": False}}}, "does not keep _source"),
        ({"settings": {"mapping.source.mode": "synthetic"}}, "cannot be read back"),
        ({}, "0 fields simple_word_0"),
        ({"mappings": {"properties": {"simple_word_1": {"type": "long"}}}}, "with gaps"),
        ({"mappings": {"properties": {"simple_word_0": {"type": "long"}}}}, "no document"),
    ],
)
def test_what_cannot_be_migrated_is_told(engine, index_name, body, message):
    engine.client.indices.create(index=index_name, **body)
    if "no document" not in message:
        engine.client.index(index=index_name, document={"path": "a"}, refresh=True)
    with pytest.raises(IndexStateError, match=message):
        read_source(engine.client, index_name)


def test_a_missing_index_is_told(engine):
    with pytest.raises(IndexStateError, match="no index 'nowhere'"):
        read_source(engine.client, "nowhere")
