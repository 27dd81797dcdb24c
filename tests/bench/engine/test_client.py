from collections.abc import Callable
from typing import Any

import pytest
from elastic_transport import ConnectionError as TransportConnectionError

from bench.engine.client import RETRIES, connect, is_safe, wait_until_healthy
from bench.engine.errors import EngineUnhealthyError

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
    ],
    ids=["health", "search", "create", "document", "asked-for"],
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
