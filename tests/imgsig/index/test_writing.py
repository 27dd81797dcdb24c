"""What becomes of documents when an engine is busy, or a connection is lost: for real."""

import json
import time
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imgsig import ConfigError, EngineError
from imgsig.index import ImageIndex, ports
from imgsig.index.batches import batches
from imgsig.index.deleting import delete
from imgsig.index.operations import existing
from imgsig.index.writing import Signed, new_id, refusal_of
from tests.faults.http_proxy import Rule, proxy_of
from tests.shared import as_applications, client_at

REJECTED = {"status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "full"}}
REFUSED = {"status": 400, "error": {"type": "document_parsing_exception", "reason": "odd"}}


@pytest.fixture
def waited(monkeypatch):
    """The pauses, which are not waited for."""
    pauses: list[float] = []
    monkeypatch.setattr(ports, "time", SimpleNamespace(sleep=pauses.append))
    return pauses


@pytest.fixture
def through(engine, client, name):
    """A proxy, and an index that is reached through it by a client that asks once."""
    ImageIndex.create(client, name)
    with proxy_of(engine.url) as proxy, client_at(proxy.url, engine) as other:
        yield proxy, ImageIndex.open(as_applications(other), name)


def say(answer, places):
    """Rewrites what is said of some documents, which are there nevertheless."""

    def rewrite(said):
        for place in places:
            ((kind, item),) = said["items"][place].items()
            kept = {key: item[key] for key in ("_id", "_index")}
            said["items"][place] = {kind: kept | answer}
        return said

    return rewrite


@pytest.mark.parametrize("id_", ["", ".", "..", "x" * 513, "ü" * 257, 7, None])
def test_ids_that_nothing_can_have_are_refused_before_anything_is_sent(id_):
    assert refusal_of(id_)
    with pytest.raises(ConfigError, match="an id"):
        next(delete(SimpleNamespace(name="photos", is_alias=False), id_, False))


def test_other_ids_may_be_had():
    assert [refusal_of(id_) for id_ in ("...", "x" * 512, "a/../b", "\udcff")] == [None] * 4


def test_an_engine_is_not_asked_for_no_document():
    with pytest.raises(StopIteration) as ended:
        next(existing(SimpleNamespace(name="photos"), []))
    assert ended.value.value == set()


def documents_in(index):
    index.refresh()
    return index.count()


@pytest.mark.engine
@given(
    rejected=st.sets(st.integers(0, 19)),
    lost=st.sampled_from(["before", "after", None]),
    given_ids=st.booleans(),
)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_document_is_there_once_whatever_is_rejected_or_lost(
    through, signatures, waited, rejected, lost, given_ids
):
    proxy, index = through
    index.refresh()
    before = index.count()
    # Rejections that are told of documents which are there: they are then sent twice.
    again = [Rule("_bulk", rewrite=say(REJECTED, rejected))] if rejected else []
    proxy.use(*([Rule("_bulk", reset=lost)] if lost else []), *again)
    ids = [new_id() if given_ids else None for _ in range(20)]
    records = [(f"{n}", signatures[n], id_) for n, id_ in enumerate(ids)]
    added = list(index.add_signatures(records))
    assert [one.path for one in added] == [path for path, *_ in records]
    assert all(one.is_ok for one in added)
    assert documents_in(index) == before + 20
    assert index.existing(one.id for one in added) == {one.id for one in added}


@pytest.mark.engine
def test_a_busy_engine_is_asked_again_with_pauses_that_grow(through, signatures, waited):
    proxy, index = through
    proxy.use(Rule("_bulk", times=None, status=429, body={"error": REJECTED["error"]}))
    with pytest.raises(EngineError, match=r"too busy .* after 7 attempts; add them again") as told:
        list(index.add_signatures([("a", signatures[0])]))
    assert told.value.status == 429
    assert waited == [1, 2, 4, 8, 16, 32]


@pytest.mark.engine
def test_a_heap_without_room_is_told_from_an_engine_that_is_busy(through, signatures, waited):
    proxy, index = through
    error = {"type": "circuit_breaking_exception", "reason": "[parent] Data too large"}
    proxy.use(Rule("_bulk", times=None, status=429, body={"error": error}))
    with pytest.raises(EngineError, match="its heap has no room for that; give the server a large"):
        list(index.add_signatures([("a", signatures[0])]))
    assert len(waited) == 6  # what takes the room may pass


@pytest.mark.engine
def test_an_engine_that_stays_away_is_given_up_after_what_was_written(
    through, signatures, waited, monkeypatch
):
    proxy, index = through
    monkeypatch.setattr("imgsig.index.batches.batches.__defaults__", (10, 1e9))
    proxy.use(Rule("_bulk", first=2, times=None, reset="before"))
    adding = index.add_signatures(("a", one) for one in signatures[:25])
    told = [next(adding).id for _ in range(10)]
    with pytest.raises(EngineError, match="cannot be reached"):
        next(adding)
    assert waited[-2:] == [1, 2]
    proxy.use()
    assert index.existing(told) == set(told)
    assert documents_in(index) == 10


@pytest.mark.engine
def test_a_document_that_is_refused_stops_no_other(through, signatures):
    proxy, index = through
    proxy.use(Rule("_bulk", rewrite=say(REFUSED, [1])))
    added = list(index.add_signatures((f"{n}", signatures[n]) for n in range(3)))
    assert [one.outcome for one in added] == ["ok", "refused", "ok"]
    assert added[1].id is None
    assert "document_parsing_exception: odd" in added[1].reason


@pytest.mark.engine
def test_a_value_that_no_client_can_write_is_told_and_stops_no_other(client, name, signatures):
    index = ImageIndex.create(client, name, fields={"tags": {"type": "keyword"}})
    records = [
        Signed(f"p{n}", signature, None, {"tags": {"x"} if n == 2 else "x"})
        for n, signature in enumerate(signatures[:5])
    ]
    added = list(index.add_signatures(records, refresh=True))
    assert [one.outcome for one in added] == ["ok", "ok", "refused", "ok", "ok"]
    assert "cannot write a value as JSON" in added[2].reason
    assert "set" in added[2].reason
    assert index.count() == 4
    with pytest.raises(EngineError, match="nothing was sent"):
        index.search_signatures({"as is": signatures[0]}, filter={"term": {"tags": {"x"}}})


def test_a_request_that_is_too_large_is_sent_in_parts(through, signatures):
    proxy, index = through
    proxy.use(Rule("_bulk", times=2, status=413, body={"error": {"type": "x", "reason": "y"}}))
    added = list(index.add_signatures((f"{n}", signatures[n]) for n in range(9)))
    assert [(one.path, one.is_ok) for one in added] == [(f"{n}", True) for n in range(9)]
    sent = [len(one.body.splitlines()) // 2 for one in proxy.exchanges if "_bulk" in one.target]
    assert sent == [9, 4, 2, 2, 5]
    proxy.use(Rule("_bulk", status=413, body={"error": {"type": "x", "reason": "y"}}))
    (one,) = index.add_signatures([("a", signatures[0])])
    assert (one.outcome, one.id) == ("refused", None)
    assert "larger than what the engine takes" in one.reason


@pytest.mark.engine
def test_an_answer_that_is_not_of_all_documents_is_an_error(through, signatures):
    proxy, index = through

    def shorten(said):
        return said | {"items": said["items"][1:]}

    proxy.use(Rule("_bulk", rewrite=shorten))
    with pytest.raises(EngineError, match="answered for 2 of 3 documents; does a proxy"):
        list(index.add_signatures((f"{n}", signatures[n]) for n in range(3)))


@pytest.mark.engine
def test_an_index_that_is_blocked_is_told_and_not_asked_again(through, signatures, waited):
    proxy, index = through
    blocked = {"error": {"type": "cluster_block_exception", "reason": "flood stage"}}
    proxy.use(Rule("_bulk", status=429, body=blocked))
    with pytest.raises(EngineError, match=r"may not be written to.*make\s+room"):
        list(index.add_signatures([("a", signatures[0])]))
    assert waited == []


@pytest.mark.engine
def test_a_search_that_is_no_whole_answer_is_an_error(through, signatures):
    proxy, index = through

    def partly(said):
        return json.loads(json.dumps(said).replace('"successful": 1', '"successful": 0'))

    proxy.use(Rule("_search", rewrite=partly))
    with pytest.raises(EngineError, match="only 0 of 1 shards answered"):
        index.search_signatures({"as_is": signatures[0]})


def test_ids_are_in_the_order_of_time_and_all_different():
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert new_id()[:7] >= ids[0][:7]


def test_slow_records_are_not_kept_waiting():
    def records():
        yield 1
        yield 2
        time.sleep(0.05)
        yield 3
        yield 4

    assert list(batches(records(), size=10, seconds=0.04)) == [[1, 2, 3], [4]]
