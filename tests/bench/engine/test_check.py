"""Who answers at a URL, and what is said of one who cannot be worked with."""

import json
import re
import socket
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from bench.engine.check import Identity, identify
from bench.engine.errors import (
    EngineError,
    EngineUnauthorisedError,
    EngineUnhealthyError,
    EngineUnreachableError,
    EngineVersionError,
)
from bench.engine.external import external_engine
from imgsig.cluster import ClusterSettings
from imgsig.errors import ConfigError
from tests.answering import json_answer

SECRET = "planted-5a1e"  # noqa: S105 (must not be shown anywhere)

Answer = tuple[int, dict[str, str], bytes]

Answering = Callable[[Callable[[str, str], Answer]], str]


def failure(url: str) -> EngineError:
    env = {"ES_URL": url, "ES_USER": "me", "ES_PASSWORD": SECRET}
    with pytest.raises(EngineError) as caught, external_engine(env):
        pass
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


@pytest.mark.parametrize("url", ["http://a\\b:9200", "http://[v1.a]:9200"])
def test_what_the_client_does_not_take_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="which the client does not take: give scheme") as caught:
        identify(ClusterSettings.from_env({"ES_URL": url}))
    assert repr(url) in str(caught.value)


@pytest.mark.parametrize(
    ("status", "says"), [(401, "ES_API_KEY"), (403, "needs 'monitor' on the cluster")]
)
def test_refused(
    answering: Answering, answer_json: Callable[..., Answer], status: int, says: str
) -> None:
    error = failure(answering(lambda *_: answer_json({"error": {"type": "x"}}, status)))
    assert isinstance(error, EngineUnauthorisedError)
    assert says in str(error)


NEEDED = "Elasticsearch 8 or 9, or OpenSearch 2 or 3, is needed"
TAGLINE = "You Know, for Search"


def hello(number: str, **version: str) -> dict[str, Any]:
    return {"version": {"number": number} | version, "tagline": TAGLINE}


@pytest.mark.parametrize("version", ["7.17.9", "10.0.0", "6.8.23", "80.1"])
def test_wrong_version(
    answering: Answering, answer_json: Callable[..., Answer], version: str
) -> None:
    error = failure(answering(lambda *_: answer_json({"version": {"number": version}})))
    assert isinstance(error, EngineVersionError)
    assert f"is Elasticsearch {version}, and {NEEDED}: name such a cluster" in str(error)


def opensearch(number: str) -> Answer:
    _, _, content = json_answer({"version": {"number": number, "distribution": "opensearch"}})
    return 200, {"content-type": "application/json"}, content


@pytest.mark.parametrize("version", ["1.3.20", "4.0.0"])
def test_wrong_version_of_opensearch(answering: Answering, version: str) -> None:
    error = failure(answering(lambda *_: opensearch(version)))
    assert isinstance(error, EngineVersionError)
    assert f"is OpenSearch {version}, and {NEEDED}" in str(error)


def test_an_old_elasticsearch_is_known_without_the_header(answering: Answering) -> None:
    content = json.dumps(hello("7.10.2", build_flavor="default")).encode()
    error = failure(answering(lambda *_: (200, {"content-type": "application/json"}, content)))
    assert f"is Elasticsearch 7.10.2, and {NEEDED}" in str(error)


def test_an_opensearch_in_compatibility_mode(answering: Answering) -> None:
    # As 2.19.6 answers: its distribution is left out, too.
    tagline = "The OpenSearch Project: https://opensearch.org/"
    content = json.dumps({"version": {"number": "7.10.2"}, "tagline": tagline}).encode()
    error = failure(answering(lambda *_: (200, {"content-type": "application/json"}, content)))
    assert isinstance(error, EngineVersionError)
    assert re.search(
        r"an OpenSearch in compatibility mode: .* set "
        r"compatibility\.override_main_response_version to false",
        str(error),
    )


def test_a_serverless_endpoint(answering: Answering, answer_json: Callable[..., Answer]) -> None:
    body = hello("8.11.0", build_flavor="serverless")
    error = failure(answering(lambda *_: answer_json(body)))
    assert isinstance(error, EngineVersionError)
    assert re.search(r"is a serverless Elasticsearch, .* no _stats", str(error))


def test_a_serverless_endpoint_that_does_not_say_so_before_it_is_asked(
    answering: Answering, answer_json: Callable[..., Answer]
) -> None:
    reason = "not available when running in serverless mode"
    refusal = {"error": {"type": "api_not_available_exception", "reason": reason}}

    def answer(_method: str, path: str) -> Answer:
        return answer_json(hello("8.11.0")) if path == "/" else answer_json(refusal, 410)

    error = failure(answering(answer))
    assert isinstance(error, EngineVersionError)
    assert re.search(f"{reason}.*it is a serverless Elasticsearch", str(error))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": {"type": "media_type_header_exception", "reason": "Invalid media-type"}}),
        (406, {"error": "Content-Type header [...; compatible-with=8] is not supported"}),
    ],
)
@pytest.mark.parametrize("path", ["/", "/_cluster/health"])
def test_the_format_of_requests_is_refused(
    answering: Answering, answer_json: Callable[..., Answer], path: str, status: int, body: object
) -> None:
    def answer(_method: str, asked: str) -> Answer:
        return answer_json(body, status) if asked == path else answer_json(hello("9.2.4"))

    error = failure(answering(answer))
    assert isinstance(error, EngineVersionError)
    assert re.search(r"format of version 8 \(compatible-with=8\).*8 or 9 directly", str(error))


@pytest.mark.parametrize(
    ("answer", "name", "version"),
    [
        (json_answer(hello("8.0.1")), "elasticsearch", "8.0.1"),
        (json_answer(hello("9.2.4")), "elasticsearch", "9.2.4"),
        (opensearch("2.19.6"), "opensearch", "2.19.6"),
        (opensearch("3.3.2"), "opensearch", "3.3.2"),
    ],
)
def test_who_answers(answering: Answering, answer: Answer, name: str, version: str) -> None:
    assert identify(ClusterSettings(answering(lambda *_: answer))) == Identity(name, version)


def test_an_opensearch_takes_no_api_key(answering: Answering) -> None:
    env = {"ES_URL": answering(lambda *_: opensearch("3.3.2")), "ES_API_KEY": SECRET}
    with (
        pytest.raises(ConfigError, match="OpenSearch has no API keys"),
        external_engine(env),
    ):
        pass


def test_an_opensearch_that_answers_everything_alike(answering: Answering) -> None:
    error = failure(answering(lambda *_: opensearch("3.3.2")))
    assert isinstance(error, EngineUnreachableError)
    assert "does not answer as Elasticsearch or OpenSearch does (health None)" in str(error)


def test_another_product(answering: Answering) -> None:
    content = json.dumps({"version": {"number": "5.1", "distribution": "other"}}).encode()
    error = failure(answering(lambda *_: (200, {"content-type": "application/json"}, content)))
    assert isinstance(error, EngineVersionError)
    assert "is not Elasticsearch or OpenSearch (it says other 5.1)" in str(error)


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
def test_no_engine_at_all(answering: Answering, answer: Answer) -> None:
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
