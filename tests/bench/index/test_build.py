"""Building indices on the real engine."""

import pytest

from bench.index.build import create_index, delete_index, load_documents, owner
from bench.index.variant import Variant
from bench.runs.errors import IndexStateError, MeasurementError
from bench.signing.tables import document_path
from imgsig import get_words

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
    with pytest.raises(IndexStateError, match="somebody else"):
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
