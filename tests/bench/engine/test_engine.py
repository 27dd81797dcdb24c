import json

import pytest
from elasticsearch import helpers

from bench.engine import Engine


@pytest.mark.engine
def test_describes_itself(engine: Engine) -> None:
    described = engine.describe()
    assert described | {"url": engine.url, "kind": "embedded"} == described
    assert described["elasticsearch"] == "8.18.0"
    assert described["lucene"] == "9.12.1"
    assert described["build_hash"] == "04e979aa50b657bebd4a0937389308de82c2bdad"
    assert described["heap_max_bytes"] == 1 << 30
    assert described["nodes"] == 1
    assert str(described["jvm"]).startswith("OpenJDK 64-Bit Server VM ")
    assert json.loads(json.dumps(described)) == described


@pytest.mark.engine
def test_the_lucene_it_names_is_the_one_it_writes(engine: Engine) -> None:
    engine.client.index(index="lucene-version", document={"a": 1}, refresh=True)
    shards = engine.client.indices.segments(index="lucene-version")["indices"]["lucene-version"]
    segment = next(iter(shards["shards"]["0"][0]["segments"].values()))
    engine.client.indices.delete(index="lucene-version")
    assert segment["version"] == engine.describe()["lucene"]


@pytest.mark.engine
def test_terms_on_long_fields_score_one_each_and_ties_break_by_insertion(engine: Engine) -> None:
    # 40 segments of different sizes: without the tie-break, order follows the segments.
    client = engine.client
    sizes = [1, 30, 7, 50] * 10
    single = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": -1}
    client.indices.create(index="ties", settings=single)
    try:
        count = 0
        for size in sizes:
            actions = [
                {"_index": "ties", "_id": str(count + i), "a": 1, "b": (count + i) % 3, "c": 5}
                for i in range(size)
            ]
            helpers.bulk(client, actions, refresh=True)
            count += size
        terms = [{"term": {name: value}} for name, value in (("a", 1), ("b", 2), ("c", 5))]
        answer = client.search(
            index="ties",
            query={"bool": {"should": terms}},
            sort=[{"_score": "desc"}, {"_seq_no": "asc"}],
            size=count,
        )
        got = [(hit["_score"], int(hit["_id"])) for hit in answer["hits"]["hits"]]
    finally:
        client.indices.delete(index="ties")
    assert got == sorted(
        ((2.0 + (i % 3 == 2), i) for i in range(count)), key=lambda pair: (-pair[0], pair[1])
    )
