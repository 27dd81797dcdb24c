"""Errors of the client are told with a cause, a remedy and nothing of the request."""

import re

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

from bench.engine import errors
from bench.engine.errors import explain, notice


def test_every_error_can_be_caught_as_an_engine_error() -> None:
    own = [value for value in vars(errors).values() if isinstance(value, type)]
    classes = [one for one in own if one.__module__ == errors.__name__]
    assert len(classes) > 5
    assert all(issubclass(one, errors.EngineError) for one in classes)


def test_prints_brackets_as_they_are_and_no_line_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    text = "[bold]/a/path" + 60 * "/longer" + "[/bold]"
    notice(text)
    assert capsys.readouterr().err == text + "\n"


NODE = NodeConfig("http", "h", 1, headers={"authorization": "ApiKey planted"})

FULL = {"error": {"type": "cluster_block_exception", "reason": "disk usage exceeded"}}

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
        (answer(403, DENIED), "unauthorized for user", "Ask for 'monitor' on the cluster"),
        (answer(403, FULL), "disk of a node is full", "make room"),
        (answer(429, FULL), "disk of a node is full", "make room"),
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
