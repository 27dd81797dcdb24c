import socket
import traceback
from collections.abc import Callable

import pytest

from bench.engine.check import check_cluster
from bench.engine.errors import (
    EngineError,
    EngineUnauthorisedError,
    EngineUnhealthyError,
    EngineUnreachableError,
    EngineVersionError,
)
from bench.engine.external import ExternalSettings

Answer = tuple[int, dict[str, str], bytes]
Answering = Callable[[Callable[[str, str], Answer]], str]
SECRET = "planted-5a1e"  # noqa: S105 (must not be shown anywhere)


def failure(url: str) -> EngineError:
    env = {"ES_URL": url, "ES_USER": "me", "ES_PASSWORD": SECRET}
    settings = ExternalSettings.from_env(env)
    with settings.client() as client, pytest.raises(EngineError) as caught:
        check_cluster(client, settings.url)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return caught.value


def test_nothing_answers() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        error = failure(url)
    assert isinstance(error, EngineUnreachableError)
    assert f"{url} cannot be reached" in str(error)
    assert "ES_URL" in str(error)


@pytest.mark.parametrize(("status", "says"), [(401, "ES_API_KEY"), (403, "privilege 'monitor'")])
def test_refused(
    answering: Answering, answer_json: Callable[..., Answer], status: int, says: str
) -> None:
    error = failure(answering(lambda *_: answer_json({"error": {"type": "x"}}, status)))
    assert isinstance(error, EngineUnauthorisedError)
    assert says in str(error)


@pytest.mark.parametrize("version", ["7.17.9", "9.0.0", "6.8.23", "80.1"])
def test_wrong_version(
    answering: Answering, answer_json: Callable[..., Answer], version: str
) -> None:
    error = failure(answering(lambda *_: answer_json({"version": {"number": version}})))
    assert isinstance(error, EngineVersionError)
    assert f"is Elasticsearch {version}, and 8.x is needed" in str(error)


def test_another_product(answering: Answering, answer_json: Callable[..., Answer]) -> None:
    body = {"version": {"number": "2.11.0", "distribution": "opensearch"}}
    _, _, content = answer_json(body)
    error = failure(answering(lambda *_: (200, {"content-type": "application/json"}, content)))
    assert isinstance(error, EngineVersionError)
    assert "opensearch 2.11.0" in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"content-type": "text/html"}, b"<html>"),
        (200, {"content-type": "image/png"}, b"\x89PNG"),
        (502, {"content-type": "text/html"}, b"<html>"),
        (200, {"content-type": "application/json"}, b"{"),
        (404, {"content-type": "application/json"}, b"{}"),
    ],
)
def test_no_elasticsearch_at_all(answering: Answering, answer: Answer) -> None:
    error = failure(answering(lambda *_: answer))
    assert isinstance(error, EngineUnreachableError | EngineVersionError)
    assert "ES_URL" in str(error)


def test_red(answering: Answering, answer_json: Callable[..., Answer]) -> None:
    def answer(_method: str, path: str) -> Answer:
        if path == "/":
            return answer_json({"version": {"number": "8.18.0"}})
        if path.startswith("/_cat/indices"):
            return answer_json([{"index": "broken"}])
        return answer_json({"status": "red"})

    error = failure(answering(answer))
    assert isinstance(error, EngineUnhealthyError)
    assert "such as broken" in str(error)
