"""Clients that are told apart, and what their errors mean."""

import asyncio
import threading

import opensearchpy
import pytest
from elasticsearch import AsyncElasticsearch, Elasticsearch

from imgsig import ConfigError, EngineError
from imgsig.index import AsyncImageIndex, ImageIndex
from imgsig.index.ports import (
    ElasticsearchPort,
    OpenSearchPort,
    Pause,
    Response,
    ask,
    port_of,
    run_async,
)
from tests.faults.http_proxy import Rule, proxy_of

NOWHERE = "http://127.0.0.1:1"


class Own(Elasticsearch):
    """A client that somebody has extended."""


@pytest.mark.parametrize(
    ("client", "port"),
    [
        (Elasticsearch(NOWHERE), ElasticsearchPort),
        (Own(NOWHERE), ElasticsearchPort),
        (Elasticsearch(NOWHERE).options(request_timeout=5), ElasticsearchPort),
        (opensearchpy.OpenSearch(NOWHERE), OpenSearchPort),
    ],
    ids=["elasticsearch", "extended", "with options", "opensearch"],
)
def test_clients_are_told_by_their_class(client, port):
    assert isinstance(port_of(client, awaited=False), port)


@pytest.mark.parametrize("client", [None, "http://localhost:9200", dict, Elasticsearch])
def test_what_is_no_client_is_refused(client):
    with pytest.raises(ConfigError, match=r"elasticsearch-py or opensearch-py, not .*pip install"):
        ImageIndex.open(client, "photos")


def test_the_other_kind_of_client_is_refused():
    with pytest.raises(ConfigError, match="AsyncElasticsearch is a client for AsyncImageIndex"):
        ImageIndex.open(AsyncElasticsearch(NOWHERE, node_class="httpxasync"), "photos")
    with pytest.raises(ConfigError, match="Elasticsearch is a client for ImageIndex"):
        AsyncImageIndex.open(Elasticsearch(NOWHERE), "photos").send(None)


class Awaited:
    """A port whose engine refuses the first request and takes all others."""

    def __init__(self):
        self.asked = 0

    def arguments(self, request):
        return {}

    async def perform(self):
        self.asked += 1
        if self.asked == 1:
            raise ConnectionError
        return self.asked

    def response(self, answer):
        return Response(200, answer)

    def failure(self, error):
        return Response(503, None)


def test_what_is_done_between_awaited_requests_is_done_in_threads():
    at_work = set()

    def operation():
        at_work.add(threading.get_ident())
        first = yield from ask("GET", "/")
        at_work.add(threading.get_ident())
        yield Pause(0)
        at_work.add(threading.get_ident())
        second = yield from ask("GET", "/")
        at_work.add(threading.get_ident())
        return first.status, second.body

    assert asyncio.run(run_async(Awaited(), operation())) == (503, 2)
    assert threading.get_ident() not in at_work


def clients(url):
    """Clients of both families that ask once."""
    return [
        Elasticsearch(url, max_retries=0, request_timeout=0.5),
        opensearchpy.OpenSearch(url, max_retries=0, timeout=0.5),
    ]


def test_an_engine_that_is_down_is_told_in_one_sentence():
    for client in clients(NOWHERE):
        with pytest.raises(EngineError, match=r"cannot be reached \(.*see that it runs") as raised:
            ImageIndex.open(client, "photos")
        assert raised.value.status is None
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (Rule("", delay=1.5), "did not answer in time"),
        (Rule("", status=401, body={"error": {"type": "x", "reason": "y"}}), "basic_auth"),
        (Rule("", status=403, body={"error": {"type": "x", "reason": "y"}}), "lack a privilege"),
        (Rule("", status=502, body="<html>"), "answers 502: something in between, such as a proxy"),
    ],
    ids=["slow", "unknown", "forbidden", "page"],
)
def test_what_an_engine_refuses_is_told_in_one_sentence(rule, message):
    with proxy_of(NOWHERE) as proxy:
        for client in clients(proxy.url):
            proxy.use(rule)
            with pytest.raises(EngineError, match=message):
                ImageIndex.open(client, "photos")


def test_what_answers_but_is_no_engine_is_told():
    with proxy_of(NOWHERE) as proxy:
        proxy.use(Rule("", status=200, body="<html>", times=None))
        with pytest.raises(EngineError, match="no engine that this client speaks to"):
            ImageIndex.open(clients(proxy.url)[0], "photos")
