"""Answers that are whole, and a busy cluster that is asked again."""

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import ApiError

from bench.engine.responses import ATTEMPTS, BLOCKED, retried, whole
from bench.runs.errors import MeasurementError

SHARDS = {"total": 2, "successful": 2, "skipped": 0, "failed": 0}


def refusal(status: int, kind: str = "x") -> ApiError:
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "h", 1))
    return ApiError(kind, meta, {"error": {"type": kind}})


@pytest.mark.parametrize(
    "answer",
    [
        {"_shards": SHARDS, "timed_out": False, "hits": {}},
        {"_shards": {**SHARDS, "skipped": 1}, "hits": {}},
        {"_shards": SHARDS, "count": 3},
        # The copies of an index with a replica that has no node: the statistics are whole.
        {"_shards": {**SHARDS, "total": 4}, "indices": {}},
    ],
)
def test_what_all_shards_answered_is_whole(answer):
    assert whole(answer, "a search") is answer


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"_shards": SHARDS, "timed_out": True}, "timed out"),
        ({"_shards": SHARDS, "terminated_early": True}, "ended early"),
        ({"_shards": {**SHARDS, "failed": 1}}, "1 of 2 shards failed"),
        ({"_shards": {**SHARDS, "successful": 1}, "hits": {}}, "1 of 2 shards did not answer"),
        ({"_shards": {**SHARDS, "successful": 0}, "count": 0}, "2 of 2 shards did not answer"),
    ],
)
def test_a_part_is_no_result(answer, said):
    with pytest.raises(MeasurementError, match=rf"a search was cut short \({said}\).*Run it again"):
        whole(answer, "a search")


@pytest.mark.parametrize(
    ("answer", "unsaid"),
    [
        ({"hits": {"hits": []}, "timed_out": False}, "failed, successful, total"),
        ({"count": 3}, "failed, successful, total"),
        ({"_shards": None, "count": 3}, "failed, successful, total"),
        ({"_shards": {"total": 2, "failed": 0}, "count": 3}, "successful"),
    ],
)
def test_an_answer_that_does_not_say_its_shards_is_no_result(answer, unsaid):
    said = rf"a count of 'x' was answered without .* \({unsaid} in _shards\).*a proxy.*directly"
    with pytest.raises(MeasurementError, match=said):
        whole(answer, "a count of 'x'")


@pytest.mark.engine
@pytest.mark.filterwarnings("ignore::elasticsearch.exceptions.GeneralAvailabilityWarning")
def test_every_request_that_is_checked_is_answered_with_its_shards(engine, index_name):
    client = engine.client
    client.index(index=index_name, document={"a": 1})
    answers = [
        client.indices.refresh(index=index_name),
        client.indices.flush(index=index_name, force=True, wait_if_ongoing=True),
        client.indices.forcemerge(index=index_name, max_num_segments=1),
        client.indices.stats(index=index_name, metric="docs", level="shards"),
        client.indices.disk_usage(index=index_name, run_expensive_tasks=True, flush=False),
        client.count(index=index_name),
        client.search(index=index_name, size=0, track_total_hits=False),
    ]
    for answer in answers:
        assert whole(answer, "a request") is answer


@pytest.mark.parametrize(
    ("error", "sent"),
    [
        (refusal(429), ATTEMPTS),
        (refusal(503), ATTEMPTS),
        (refusal(429, BLOCKED), 1),
        (refusal(400), 1),
        (refusal(404), 1),
    ],
)
def test_only_a_busy_cluster_is_asked_again_and_not_for_ever(error, sent):
    asked, waited = [], []

    def send():
        asked.append(1)
        raise error

    with pytest.raises(ApiError):
        retried(send, waited.append)
    assert len(asked) == sent
    assert waited == [2**n for n in range(sent - 1)]
