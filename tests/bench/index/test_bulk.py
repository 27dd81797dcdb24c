"""Bulk requests that are sent again: all documents, in their order, none twice."""

import pytest
from elastic_transport import ConnectionTimeout
from elasticsearch.helpers import bulk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.engine.client import connect
from bench.index.bulk import send_chunk
from bench.runs.errors import MeasurementError
from tests.faults.http_proxy import Rule, proxy_of

pytestmark = pytest.mark.engine

BUSY = {"error": {"type": "es_rejected_execution_exception", "reason": "full"}, "status": 429}


def actions(count):
    return [{"_op_type": "index", "_id": str(n), "_source": {"n": n}} for n in range(count)]


def reject(chosen):
    def rewrite(answer):
        for place in chosen:
            answer["items"][place]["index"] |= {"status": 429, "error": BUSY["error"]}
        return answer | {"errors": bool(chosen)}

    return rewrite


@given(chosen=st.sets(st.integers(0, 19)), lost=st.sampled_from(["before", "after", None]))
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_documents_keep_their_order_whatever_is_rejected(engine, index_name, chosen, lost):
    client = engine.client
    client.indices.delete(index=index_name, ignore_unavailable=True)
    with proxy_of(engine.url) as proxy, connect(proxy.url) as through:
        rules = [Rule("_bulk", rewrite=reject(chosen))]
        proxy.use(*([Rule("_bulk", reset=lost)] if lost else []), *rules)
        send_chunk(through, index_name, actions(20), sleep=lambda seconds: None)
    assert [n for n, _ in numbers(client, index_name)] == list(range(20))


def numbers(client, index):
    """Those of the documents, in the order that breaks ties."""
    client.indices.refresh(index=index)
    found = client.search(index=index, size=100, sort=[{"_seq_no": "asc"}], version=True)
    return [(hit["_source"]["n"], hit["_version"]) for hit in found["hits"]["hits"]]


@pytest.mark.parametrize("delivered", ["between", "after"])
def test_a_request_that_arrives_late_changes_nothing(engine, index_name, delivered):
    with proxy_of(engine.url) as proxy, connect(proxy.url) as through:
        proxy.use(Rule("_bulk", reset="late"))
        send_chunk(
            through,
            index_name,
            actions(20),
            sleep=lambda seconds: proxy.deliver() if delivered == "between" else None,
        )
        proxy.deliver()
    assert numbers(engine.client, index_name) == [(n, 2) for n in range(20)]


def test_what_is_sent_once_has_the_version_it_would_have_anyway(engine, index_name):
    send_chunk(engine.client, index_name, actions(3), sleep=pytest.fail)
    assert numbers(engine.client, index_name) == [(n, 1) for n in range(3)]


def test_documents_of_a_request_that_has_arrived_meanwhile_are_sent_again(engine, index_name):
    late = [action | {"_version": 1, "_version_type": "external"} for action in actions(20)]
    bulk(engine.client, late[5:9], index=index_name)
    send_chunk(engine.client, index_name, actions(20), sleep=lambda seconds: None)
    assert numbers(engine.client, index_name) == [(n, 2) for n in range(20)]


def test_somebody_else_who_writes_is_named(engine, index_name):
    other = [actions(1)[0] | {"_version": 100, "_version_type": "external"}]
    bulk(engine.client, other, index=index_name)
    with pytest.raises(MeasurementError, match=r"later document .*conflict.*somebody else writes"):
        send_chunk(engine.client, index_name, actions(3), sleep=lambda seconds: None)


def test_pauses_grow_and_end(engine, index_name):
    waited = []
    with proxy_of(engine.url) as proxy, connect(proxy.url) as through:
        proxy.use(Rule("_bulk", times=None, rewrite=reject([3])))
        with pytest.raises(MeasurementError, match=r"too busy .*sent 5 times.*Run again"):
            send_chunk(through, index_name, actions(5), attempts=5, sleep=waited.append)
    assert waited == [1, 2, 4, 8]


def test_a_document_that_is_refused_for_ever_is_not_sent_again(engine, index_name):
    engine.client.indices.create(
        index=index_name, mappings={"properties": {"n": {"type": "boolean"}}}
    )
    with pytest.raises(MeasurementError, match=r"rejected a document.*document_parsing_exception"):
        send_chunk(engine.client, index_name, actions(3), sleep=pytest.fail)


def test_a_server_that_cannot_answer_in_time_is_not_sent_more(engine, index_name):
    with proxy_of(engine.url) as proxy, connect(proxy.url) as through:
        proxy.use(Rule("_bulk", delay=1.0))
        with pytest.raises(ConnectionTimeout):
            send_chunk(
                through.options(request_timeout=0.2), index_name, actions(3), sleep=pytest.fail
            )
