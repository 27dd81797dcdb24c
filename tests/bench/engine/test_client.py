"""Requests are repeated where that is safe; answers are whole; errors have cause and remedy."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from elastic_transport import (
    ApiResponseMeta,
    ConnectionTimeout,
    HttpHeaders,
    NodeConfig,
    SerializationError,
    TransportError,
)
from elastic_transport import ConnectionError as TransportConnectionError
from elasticsearch import ApiError, UnsupportedProductError

from bench.engine.client import (
    ATTEMPTS,
    BLOCKED,
    RETRIES,
    connect,
    explain,
    is_safe,
    retried,
    unrepeated,
    wait_until_healthy,
    whole,
)
from bench.engine.errors import EngineUnhealthyError
from bench.runs.errors import MeasurementError

Answer = tuple[int, dict[str, str], bytes]

Answering = Callable[[Callable[[str, str], Answer]], str]


@pytest.mark.parametrize(
    ("method", "target", "safe"),
    [
        ("GET", "/", True),
        ("HEAD", "/tester", True),
        ("POST", "/tester/_search", True),
        ("POST", "/_msearch?max_concurrent_searches=2", True),
        ("POST", "/tester/_count", True),
        ("POST", "/_bulk", False),
        ("POST", "/tester/_doc", False),
        ("POST", "/tester/_forcemerge?max_num_segments=1", False),
        ("POST", "/_search/scroll", False),
        ("PUT", "/tester", False),
        ("DELETE", "/tester", False),
    ],
)
def test_what_changes_nothing(method: str, target: str, safe: bool) -> None:
    assert is_safe(method, target) is safe


@pytest.mark.parametrize(
    ("call", "times"),
    [
        (lambda client: client.cluster.health(), 1 + RETRIES),
        (lambda client: client.search(index="tester"), 1 + RETRIES),
        (lambda client: client.indices.create(index="tester"), 1),
        (lambda client: client.index(index="tester", document={}), 1),
        (lambda client: client.options(max_retries=1).indices.create(index="tester"), 2),
        (lambda client: unrepeated(client).search(index="tester"), 1),
    ],
    ids=["health", "search", "create", "document", "asked-for", "timed"],
)
def test_a_lost_connection(answering: Answering, call: Callable[[Any], Any], times: int) -> None:
    asked = []

    def hang_up(method: str, path: str) -> Answer:
        asked.append((method, path))
        return 0, {}, b""

    with connect(answering(hang_up)) as client, pytest.raises(TransportConnectionError):
        call(client)
    assert len(asked) == times


def test_health(answering: Answering, answer_json: Callable[..., Answer]) -> None:
    states = iter(["no master", "red", "yellow"])

    def health(_method: str, _path: str) -> Answer:
        state = next(states, "red")
        if state == "no master":
            return answer_json({"error": {"type": "master_not_discovered_exception"}}, 503)
        return answer_json({"status": state})

    with connect(answering(health)) as client:
        wait_until_healthy(client, 10)
        with pytest.raises(EngineUnhealthyError, match="red"):
            wait_until_healthy(client, 0.3)


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
        client.count(index=index_name),
        client.search(index=index_name, size=0, track_total_hits=False),
    ]
    if engine.name == "elasticsearch":  # OpenSearch has no such request
        usage = client.indices.disk_usage(index=index_name, run_expensive_tasks=True, flush=False)
        answers.append(usage)
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


NODE = NodeConfig("http", "h", 1, headers={"authorization": "ApiKey planted"})

FULL = {"error": {"type": "cluster_block_exception", "reason": "disk usage exceeded"}}

TRIPPED = {"error": {"type": "circuit_breaking_exception", "reason": "[parent] Data too large"}}
DENIED = {"error": {"type": "security_exception", "reason": "unauthorized for user [u]"}}


def answer(status, body=None):
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, NODE)
    kind = UnsupportedProductError if status == 200 else ApiError
    return kind("message", meta, body if body is not None else {"error": {"type": "t"}})


@pytest.mark.parametrize(
    ("error", "cause", "remedy"),
    [
        (answer(200, "<html>"), "not Elasticsearch", "See what ES_URL leads to"),
        (answer(401), "does not know these credentials", "Check ES_API_KEY"),
        (
            answer(403, DENIED),
            "unauthorized for user",
            "Ask for it: a run needs 'monitor' on the cluster",
        ),
        (answer(403, FULL), "disk of a node is full", "make room"),
        (answer(429, FULL), "disk of a node is full", "make room"),
        (answer(429, TRIPPED), "its heap has no room", "Give the server a larger one"),
        (answer(404), "something is missing", "Run again to rebuild"),
        (answer(413), "larger than", "http.max_content_length"),
        (answer(429), "too busy", "Run again when"),
        (answer(503), "not ready", "_cluster/allocation/explain"),
        (answer(500), "answers 500", "see its log"),
        (answer(502, "<html>"), "answers 502", "See what ES_URL leads to"),
        (ConnectionTimeout("t"), "did not answer in time", "run again"),
        (TransportConnectionError("refused"), r"was lost \(refused\)", "See that it still runs"),
        (SerializationError("s"), "cannot be read", "See what ES_URL leads to"),
        (TransportError("odd"), "odd", "See its log"),
    ],
)
def test_cause_and_remedy(error, cause, remedy):
    said = explain(error)
    assert "planted" not in said
    assert re.search(f"{cause}.*{remedy}", said)
