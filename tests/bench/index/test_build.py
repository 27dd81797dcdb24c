"""Building indices on the real engine."""

import pytest
from elastic_transport import ConnectionTimeout
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.index.build import (
    CHUNK,
    create_index,
    delete_index,
    load_documents,
    owner,
    send_chunk,
    stream_documents,
)
from bench.index.variant import Variant
from bench.runs.errors import IndexStateError, MeasurementError
from bench.signing.tables import document_path
from imgsig import get_words
from imgsig.layouts import get_layout
from imgsig.sign_many import SignedFile
from tests.faults.http_proxy import Rule, proxy_of
from tests.shared import REFUSED_DOCUMENT, bulk, client_at

pytestmark = pytest.mark.engine


@pytest.fixture
def variant(index_name) -> Variant:
    return Variant(63, 16, {"id": "base62"}, name=index_name)


def test_documents_arrive_in_order_and_whole(engine, variant, signatures):
    client, done = engine.client, []
    create_index(client, variant, "run-1")
    load_documents(client, variant, signatures, done.append)
    assert sum(done) == len(signatures)
    for document in (0, 144, 289):
        found = client.get(index=variant.index_name, id=str(document))
        assert found["_seq_no"] == document
        source = found["_source"]
        assert source["path"] == document_path(document)
        assert (variant.get_codec().decode(source["signature"]) == signatures[document]).all()
        words = [source[f"simple_word_{i}"] for i in range(63)]
        assert words == get_words(signatures[document]).tolist()


def test_the_mapping_is_what_elasticsearch_chooses(engine, variant, signatures):
    create_index(engine.client, variant, "run-1")
    load_documents(engine.client, variant, signatures[:20])
    mapping = engine.client.indices.get_mapping(index=variant.index_name)
    fields = mapping[variant.index_name]["mappings"]["properties"]
    assert fields["simple_word_0"] == {"type": "long"}
    assert fields["signature"]["type"] == "text"
    assert fields["path"]["fields"]["keyword"]["type"] == "keyword"
    assert len(fields) == 65


def test_an_index_is_replaced_only_by_the_run_that_made_it(engine, variant, signatures):
    client = engine.client
    assert owner(client, variant.index_name) is None
    create_index(client, variant, "run-1")
    load_documents(client, variant, signatures[:20])
    assert owner(client, variant.index_name) == "run-1"
    with pytest.raises(IndexStateError, match="run run-1"):
        create_index(client, variant, "run-2")
    assert client.count(index=variant.index_name)["count"] == 20
    create_index(client, variant, "run-1")
    assert client.count(index=variant.index_name)["count"] == 0


def test_an_index_is_deleted_only_for_the_run_that_made_it(engine, variant):
    client, index = engine.client, variant.index_name
    delete_index(client, index, "run-1")  # there is none
    create_index(client, variant, "run-1")
    delete_index(client, index, "run-2")
    assert owner(client, index) == "run-1"
    delete_index(client, index, "run-1")
    assert owner(client, index) is None
    client.indices.create(index=index)
    delete_index(client, index, "run-1")
    assert owner(client, index) == ""


def test_somebody_elses_index_is_left_untouched(engine, variant):
    engine.client.indices.create(index=variant.index_name)
    assert owner(engine.client, variant.index_name) == ""
    with pytest.raises(IndexStateError, match="someone else"):
        create_index(engine.client, variant, "run-1")


def test_a_rejected_document_is_an_error(engine, variant, signatures):
    mappings = {"properties": {"simple_word_3": {"type": "boolean"}}}
    engine.client.indices.create(index=variant.index_name, mappings=mappings)
    with pytest.raises(MeasurementError, match="rejected a document"):
        load_documents(engine.client, variant, signatures[:20])


def test_a_document_too_many_is_an_error(engine, variant, signatures):
    engine.client.indices.create(index=variant.index_name)
    engine.client.index(index=variant.index_name, id="stranger", document={"path": "x"})
    with pytest.raises(MeasurementError, match="21 documents after 20"):
        load_documents(engine.client, variant, signatures[:20])


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
    with proxy_of(engine.url) as proxy, client_at(proxy.url, engine) as through:
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
    with proxy_of(engine.url) as proxy, client_at(proxy.url, engine) as through:
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
    with pytest.raises(
        MeasurementError, match=r"newer document .*conflict.*something else is writing"
    ):
        send_chunk(engine.client, index_name, actions(3), sleep=lambda seconds: None)


def test_pauses_grow_and_end(engine, index_name):
    waited = []
    with proxy_of(engine.url) as proxy, client_at(proxy.url, engine) as through:
        proxy.use(Rule("_bulk", times=None, rewrite=reject([3])))
        with pytest.raises(MeasurementError, match=r"too busy .*after 5 attempts.*Run again"):
            send_chunk(through, index_name, actions(5), attempts=5, sleep=waited.append)
    assert waited == [1, 2, 4, 8]


def test_a_document_that_is_refused_for_ever_is_not_sent_again(engine, index_name):
    engine.client.indices.create(
        index=index_name, mappings={"properties": {"n": {"type": "boolean"}}}
    )
    with pytest.raises(MeasurementError, match=f"rejected a document.*{REFUSED_DOCUMENT}"):
        send_chunk(engine.client, index_name, actions(3), sleep=pytest.fail)


def test_a_server_that_cannot_answer_in_time_is_not_sent_more(engine, index_name):
    with proxy_of(engine.url) as proxy, client_at(proxy.url, engine) as through:
        proxy.use(Rule("_bulk", delay=1.0))
        with pytest.raises(ConnectionTimeout):
            send_chunk(
                through.options(request_timeout=0.2), index_name, actions(3), sleep=pytest.fail
            )


@pytest.mark.parametrize(
    ("layout", "codec"), [("dynamic", {"id": "base62"}), ("tagged_column", {"id": "context"})]
)
def test_the_index_holds_what_was_signed_and_no_more_is_taken_than_a_window(
    engine, index_name, signatures, layout, codec
):
    variant = Variant(63, 16, codec, layout, name=index_name)
    create_index(engine.client, variant, "run-1")
    taken, indexed, ahead, failed = 0, 0, 0, []

    def records():
        nonlocal taken, ahead
        for number in range(5 * CHUNK):
            taken += 1
            ahead = max(ahead, taken - indexed)
            path, signature = f"folder/{number}.jpg", signatures[number % len(signatures)]
            broken = SignedFile(path, "corrupt", reason="it is empty")
            yield broken if number % 100 == 7 else SignedFile(path, "ok", signature)

    def advance(done):
        nonlocal indexed
        indexed += done

    sent = stream_documents(engine.client, variant, records(), failed.append, advance)
    assert [record.path for record in failed] == [f"folder/{n}.jpg" for n in range(7, 2500, 100)]
    assert sent == indexed == 5 * CHUNK - len(failed) == 2475
    # Two chunks, and the broken ones among them, which never count as indexed.
    assert ahead <= 2 * CHUNK + 1 + len(failed)
    kept = [number for number in range(5 * CHUNK) if number % 100 != 7]
    codec, place = variant.get_codec(), get_layout(layout)
    for document in (0, 7, CHUNK, 2474):
        with_signature, with_path = (
            engine.client.search(
                index=index_name,
                query={"ids": {"values": [str(document)]}},
                **place.fetch(what),
            )["hits"]["hits"][0]
            for what in ("signature", "path")
        )
        stored = codec.decode(place.signature.stored_form(codec, with_signature))
        assert (stored == signatures[kept[document] % len(signatures)]).all()
        assert place.stored_path(with_path) == f"folder/{kept[document]}.jpg"
