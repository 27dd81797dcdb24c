"""The client of OpenSearch takes the harness's calls, and raises the errors that it knows."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from elastic_transport import ConnectionError as TransportConnectionError
from elastic_transport import SerializationError
from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    BadRequestError,
    ConflictError,
    NotFoundError,
)
from elasticsearch.helpers import BulkIndexError

from bench.engine.client import RETRIES, Client, connect, explain, streaming_bulk, unrepeated
from bench.engine.opensearch import OpenSearchClient, _with_body

Answer = tuple[int, dict[str, str], bytes]
Answering = Callable[[Callable[[str, str], Answer]], str]


def opened(url: str, **options: Any) -> Client:
    return connect(url, engine="opensearch", **options)


@pytest.mark.parametrize(
    ("name", "given", "sent"),
    [
        (
            "search",
            {"index": "i", "source": False, "size": 3, "from_": 1, "routing": "r", "sort": None},
            {"index": "i", "routing": "r", "body": {"_source": False, "size": 3, "from": 1}},
        ),
        ("search", {"index": "i"}, {"index": "i", "body": {}}),
        ("count", {"index": "i"}, {"index": "i"}),
        (
            "indices.create",
            {"index": "i", "mappings": {}, "wait_for_active_shards": 1},
            {"index": "i", "body": {"mappings": {}}, "wait_for_active_shards": 1},
        ),
        (
            "indices.put_mapping",
            {"index": "i", "meta": {"a": 1}},
            {"index": "i", "body": {"_meta": {"a": 1}}},
        ),
        # Nothing of it is left out: None is what resets a setting.
        (
            "indices.put_settings",
            {"index": "i", "settings": {"refresh_interval": None}},
            {"index": "i", "body": {"refresh_interval": None}},
        ),
        ("index", {"index": "i", "document": {}}, {"index": "i", "body": {}}),
        ("msearch", {"searches": [{}, {}]}, {"body": [{}, {}]}),
    ],
)
def test_a_body_is_made_of_arguments(name: str, given: dict[str, Any], sent: dict[str, Any]):
    assert _with_body(name, given) == sent


def test_what_a_request_is_sent_as(answering: Answering, answer_json: Callable[..., Answer]):
    asked = []

    def answer(method: str, path: str) -> Answer:
        asked.append((method, path))
        return answer_json({"took": 1})

    with opened(answering(answer)) as client:
        found = client.search(index="a,b", size=1, allow_partial_search_results=False)
        client.cluster.health(index="a", timeout="60s")
        client.perform_request("GET", "/a/_stats", params={"level": "shards", "human": True})
    assert (found.body, found["took"], found.meta.status) == ({"took": 1}, 1, 200)
    assert asked == [
        ("POST", "/a,b/_search?allow_partial_search_results=false"),
        ("GET", "/_cluster/health/a?timeout=60s"),
        ("GET", "/a/_stats?level=shards&human=true"),
    ]


@pytest.mark.parametrize(
    ("call", "times"),
    [
        (lambda client: client.cluster.health(), 1 + RETRIES),
        (lambda client: client.search(index="tester"), 1 + RETRIES),
        (lambda client: client.perform_request("GET", "/"), 1 + RETRIES),
        (lambda client: client.indices.create(index="tester"), 1),
        (lambda client: client.index(index="tester", document={"a": 1}), 1),
        (lambda client: list(streaming_bulk(client, [{"_source": {}}], index="tester")), 1),
        (lambda client: client.options(max_retries=1).indices.create(index="tester"), 2),
        (lambda client: unrepeated(client).search(index="tester"), 1),
    ],
    ids=["health", "search", "request", "create", "document", "bulk", "asked-for", "timed"],
)
def test_a_lost_connection(answering: Answering, call: Callable[[Any], Any], times: int) -> None:
    asked = []

    def hang_up(method: str, path: str) -> Answer:
        asked.append((method, path))
        return 0, {}, b""

    with opened(answering(hang_up)) as client, pytest.raises(TransportConnectionError) as raised:
        call(client)
    assert len(asked) == times
    assert "was lost" in explain(raised.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationException),
        (403, AuthorizationException),
        (404, NotFoundError),
        (409, ConflictError),
        (429, ApiError),
        (503, ApiError),
    ],
)
def test_errors_are_those_of_the_other_client(
    answering: Answering, answer_json: Callable[..., Answer], status: int, kind: type[ApiError]
) -> None:
    asked = []

    def refuse(method: str, path: str) -> Answer:
        asked.append(path)
        return answer_json({"error": {"type": "x_exception", "reason": "because"}}, status)

    with opened(answering(refuse)) as client, pytest.raises(ApiError) as raised:
        client.cluster.health()
    error = raised.value
    assert type(error) is kind
    assert (error.status_code, error.error) == (status, "x_exception")
    assert f"answers {status} (x_exception: because)" in explain(error)
    assert len(asked) == 1  # whoever knows how long to wait repeats it


@pytest.mark.parametrize(
    ("kind", "content"),
    [("text/html", b"<html>"), ("application/json", b"{"), ("application/json", b"\xff")],
)
def test_a_page_is_no_answer(answering: Answering, kind: str, content: bytes) -> None:
    url = answering(lambda *_: (200, {"content-type": kind}, content))
    with opened(url) as client, pytest.raises(SerializationError):
        client.cluster.health()


def test_a_page_of_an_error_is_quoted(answering: Answering) -> None:
    url = answering(lambda *_: (502, {"content-type": "text/html"}, b"<html>"))
    with opened(url) as client, pytest.raises(ApiError) as raised:
        client.cluster.health()
    assert raised.value.body == "<html>"


def test_bulk_answers_are_told_by_document(answering: Answering) -> None:
    items = [{"index": {"_id": "1", "status": 201}}, {"index": {"_id": "2", "status": 400}}]

    def answer(_method: str, _path: str) -> Answer:
        content = json.dumps({"errors": True, "items": items})
        return 200, {"content-type": "application/json"}, content.encode()

    actions = [{"_id": "1", "_source": {}}, {"_id": "2", "_source": {}}]
    with opened(answering(answer)) as client:
        told = list(streaming_bulk(client, actions, index="i", raise_on_error=False))
        with pytest.raises(BulkIndexError, match="1 document"):
            list(streaming_bulk(client, actions, index="i"))
    assert [(ok, next(iter(one.values()))["_id"]) for ok, one in told] == [
        (True, "1"),
        (False, "2"),
    ]


def test_a_name_that_is_no_utf8_is_sent(answering: Answering) -> None:
    """As elasticsearch-py sends it: half of a character, which JSON can hold and UTF-8 cannot."""
    action = {"_id": "1", "_source": {"path": "café/caf\udce9.jpg"}}
    answer = json.dumps({"errors": False, "items": [{"index": {"_id": "1", "status": 201}}]})
    url = answering(lambda *_: (200, {"content-type": "application/json"}, answer.encode()))
    with opened(url) as client:
        assert [ok for ok, _ in streaming_bulk(client, [action], index="i")] == [True]
        assert isinstance(client, OpenSearchClient)
        sent = client.inner.transport.serializer.dumps(action)
    assert json.loads(sent.encode()) == action


def test_credentials_of_any_letters_are_sent_and_never_shown() -> None:
    client = opened("http://127.0.0.1:1", basic_auth=("u", "pässwort€"))
    assert isinstance(client, OpenSearchClient)
    assert "pässwort€" not in repr(client)
    (connection,) = client.inner.transport.connection_pool.connections
    assert connection.headers["authorization"] == "Basic dTpww6Rzc3dvcnTigqw="
