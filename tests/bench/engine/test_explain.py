"""What is said of the client's errors: a cause, a remedy, nothing of the request."""

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

from bench.engine.explain import explain

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
