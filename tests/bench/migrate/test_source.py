"""Which indices can be migrated, and in what order they are read."""

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import ApiError

from bench.engine.client import ATTEMPTS
from bench.migrate.source import Reader, checkpoints, patiently, read_source
from bench.runs.errors import IndexStateError, MeasurementError


@pytest.mark.engine
def test_what_is_known_of_an_index(arrays):
    source = read_source(arrays.client, arrays.index)
    assert (source.documents, source.shards, source.N) == (290, 2, 63)
    assert source.refresh_seconds == 0.05
    assert source.store_bytes > 100_000
    assert source.properties["simple_word_62"] == {"type": "long"}


@pytest.mark.engine
def test_an_alias_stands_for_its_index(fresh, arrays):
    fresh.add(range(3))
    fresh.client.indices.put_alias(index=fresh.index, name=f"{fresh.index}-alias")
    source = read_source(fresh.client, f"{fresh.index}-alias")
    assert (source.index, source.aliases) == (fresh.index, {f"{fresh.index}-alias": {}})
    assert (source.alias, source.only) == ("", {})
    with pytest.raises(IndexStateError, match="matches 2 indices"):
        read_source(fresh.client, f"{fresh.index},{arrays.index}")


@pytest.mark.engine
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"mappings": {"_source": {"enabled": False}}}, "does not keep _source"),
        ({"mappings": {"_source": {"excludes": ["metadata"]}}}, r"leaves fields out of _source"),
        pytest.param(
            {"settings": {"mapping.source.mode": "synthetic"}},
            "cannot be read back",
            marks=pytest.mark.only_on("elasticsearch", reason="has no synthetic _source"),
        ),
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


@pytest.mark.engine
def test_a_missing_index_is_told(engine):
    with pytest.raises(IndexStateError, match="no index 'nowhere'"):
        read_source(engine.client, "nowhere")


SHARDS = {"total": 1, "successful": 1, "failed": 0}
WHOLE = {"_shards": SHARDS, "timed_out": False}


def refusal(status):
    node = NodeConfig("http", "localhost", 9200)
    return ApiError("no", ApiResponseMeta(status, "1.1", HttpHeaders(), 0.1, node), {})


def test_a_busy_cluster_is_asked_again_ever_later():
    answers, waited = [refusal(429), refusal(503), WHOLE], []

    def send():
        answer = answers.pop(0)
        if isinstance(answer, ApiError):
            raise answer
        return answer

    assert patiently(send, waited.append) == WHOLE
    assert waited == [1, 2]


@pytest.mark.parametrize(("status", "asked"), [(429, ATTEMPTS), (400, 1), (404, 1)])
def test_no_cluster_is_asked_for_ever(status, asked):
    sent = []

    def send():
        sent.append(status)
        raise refusal(status)

    with pytest.raises(ApiError):
        patiently(send, lambda seconds: None)
    assert len(sent) == asked


@pytest.mark.parametrize(
    "answer", [{**WHOLE, "timed_out": True}, {"_shards": {**SHARDS, "failed": 1}}]
)
def test_part_of_an_answer_is_none(answer):
    with pytest.raises(MeasurementError, match="cut short"):
        patiently(lambda: answer)


@pytest.mark.engine
def test_every_document_is_read_once_in_its_order(arrays):
    reader = Reader(arrays.client, arrays.index)
    until = checkpoints(arrays.client, arrays.index)
    assert list(until) == [0, 1]
    seen = []
    for shard, last in until.items():
        own = [hit for page in reader.pages(shard, -1, last, 20) for hit in page]
        numbers = [hit["_seq_no"] for hit in own]
        assert numbers == list(range(last + 1))
        seen += [hit["_id"] for hit in own]
        rest = [hit for page in reader.pages(shard, 99, last, 20) for hit in page]
        assert rest == own[100:]
    assert sorted(seen) == sorted(f"d{n}" for n in range(290))


@pytest.mark.engine
def test_counts(arrays):
    reader = Reader(arrays.client, arrays.index)
    last = checkpoints(arrays.client, arrays.index)
    assert reader.count() == 290
    assert reader.count_after({0: -1, 1: -1}) == 290
    assert reader.count_after({0: last[0] - 3, 1: last[1]}) == 3
    assert reader.count_of(["d1", "d289", "d290"]) == 2


@pytest.mark.engine
def test_a_sample_is_of_all_ages_and_shards(arrays):
    reader = Reader(arrays.client, arrays.index)
    until = checkpoints(arrays.client, arrays.index)
    hits = reader.spread(until, 80)
    assert 60 <= len(hits) <= 80
    assert len({hit["_id"] for hit in hits}) == len(hits)
    numbers = sorted(hit["_seq_no"] for hit in hits)
    assert numbers[0] == 0
    assert numbers[-1] > 0.9 * max(until.values())
    assert len(reader.spread(until, 10_000)) == 290
