"""Every declared layout as a variant's, and on the real engine that it finds what it should."""

import re

import numpy as np
import pytest
from elasticsearch import BadRequestError

from bench.index.build import create_index, load_documents
from bench.index.variant import Variant
from bench.runs.errors import ExperimentError
from bench.search.search import search_all, search_body
from bench.search.verification import verify_candidates
from bench.signing.tables import document_path
from imgsig.layouts import LAYOUTS, get_layout
from imgsig.layouts.table import REFUSED

#: Layouts whose scores are not those of image-match.
OTHER_SCORES = {"untagged", *(layout_id for layout_id in LAYOUTS if "vector" in layout_id)}
#: Of `make test`: one of each way to find documents and to keep signatures.
QUICK = {"dynamic", "tagged_column", "integer_filtered", "vector_bit_flat"}
EVERY = [
    layout_id if layout_id in QUICK else pytest.param(layout_id, marks=pytest.mark.slow)
    for layout_id in LAYOUTS
]


def variant_of(layout_id: str, codec: str, name: str | None = None) -> Variant:
    return Variant(63, 16, {"id": codec}, layout=layout_id, name=name)


def test_a_layout_is_part_of_the_identity():
    variants = [variant_of(layout_id, "packed") for layout_id in LAYOUTS]
    assert len({variant.key for variant in variants}) == len(LAYOUTS)
    assert len({variant.index_name for variant in variants}) == len(LAYOUTS)


def test_what_is_unknown_or_not_offered_is_refused():
    for layout_id in ("none such", ["dynamic"]):
        with pytest.raises(ExperimentError, match="layout must be one of dynamic, "):
            Variant(63, 16, {"id": "none"}, layout=layout_id)
    for layout_id in REFUSED:
        with pytest.raises(ExperimentError, match=re.escape(REFUSED[layout_id])):
            Variant(63, 16, {"id": "none"}, layout=layout_id)


@pytest.mark.parametrize(
    ("layout_id", "change", "message"),
    [
        ("tagged_column", {"codec": {"id": "int_array"}}, "array of integers"),
        ("tagged_integer", {"k": 18}, "type integer holds 4,294,967,296"),
        ("tagged_integer", {"N": 100}, "Shorten k"),
        ("tagged_long", {"k": 37}, "type long holds"),
        ("untagged", {"k": 20}, "type integer"),
        ("integer", {"k": 20}, "type integer"),
        ("vector_bit_flat", {"signature": {"n_levels": 3}}, "n_levels = 3"),
    ],
)
def test_impossible_combinations_are_refused_with_the_reason(layout_id, change, message):
    base = {"N": 63, "k": 16, "codec": {"id": "packed"}, "layout": layout_id}
    with pytest.raises(ExperimentError, match=message):
        Variant(**base | change)


@pytest.fixture(scope="module")
def expected(engine, signatures) -> list:
    """Hits of the layout ``dynamic``."""
    variant = variant_of("dynamic", "none", "test-dynamic")
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, signatures[:90])
    found, _ = search_all(engine.client, variant, np.arange(12), signatures[200:212], size=20)
    engine.client.indices.delete(index=variant.index_name)
    return found[["query", "rank", "doc", "score"]].to_numpy().tolist()


@pytest.mark.engine
@pytest.mark.parametrize("layout_id", EVERY)
def test_hits_scores_signatures_and_paths(engine, index_name, signatures, expected, layout_id):
    layout = get_layout(layout_id)
    codec = "context" if layout.signature.place in ("stored", "doc_values") else "int_array"
    variant = variant_of(layout_id, codec, index_name)
    database, queries = signatures[:90], signatures[200:212]
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, database)
    found, _ = search_all(engine.client, variant, np.arange(12), queries, size=20)
    verified = verify_candidates(found, variant, np.arange(12), queries, database, size=20)
    assert verified.hits == len(found) > 100
    assert verified.recall >= 0.9 if not layout.matcher.exact else verified.recall == 1
    assert found["score"].max() <= layout.largest_score(variant.scheme)
    if layout_id not in OTHER_SCORES:
        assert found[["query", "rank", "doc", "score"]].to_numpy().tolist() == expected

    hits = engine.client.search(**search_body(variant, queries[0]))["hits"]["hits"]
    documents = [int(hit["_id"]) for hit in hits]
    stored = [layout.signature.stored_form(variant.get_codec(), hit) for hit in hits]
    np.testing.assert_array_equal(variant.get_codec().decode_batch(stored), database[documents])
    hits = engine.client.search(**search_body(variant, queries[0], fetch="path"))["hits"]["hits"]
    assert [layout.stored_path(hit) for hit in hits] == [document_path(doc) for doc in documents]
    assert (
        how_path_is_found(engine.client, layout, index_name, document_path(7))
        == PATH_FOUND[layout.path]
    )


#: Whether a path finds its document: by words of it, and by its whole value in which field.
PATH_FOUND = {
    "dynamic": (True, "keyword"),
    "keyword": (False, "whole"),
    "doc_values": (False, "whole"),
    "source": (False, ""),
}


def how_path_is_found(client, layout, index, path) -> tuple[bool, str]:
    def finds(query) -> bool:
        try:
            return client.count(index=index, query=query)["count"] == 1
        except BadRequestError:  # neither an index nor doc values
            return False

    name = layout.path_name
    by_word = finds({"match": {name: path.rpartition("/")[2]}})
    whole = {"keyword": f"{name}.keyword", "whole": name}
    fields = [said for said, field in whole.items() if finds({"term": {field: path}})]
    # What is told of it names the same.
    assert layout.path_found.startswith("by words of it") == by_word
    assert (f"in {name}.keyword" in layout.path_found) == ("keyword" in fields)
    assert (f"whole value in {name}," in layout.path_found) == ("whole" in fields)
    assert layout.path_found.startswith("not at all") == (not by_word and not fields)
    return by_word, "".join(fields)


@pytest.mark.engine
@pytest.mark.parametrize("layout_id", EVERY)
def test_whether_an_index_can_be_reindexed_and_updated(engine, index_name, signatures, layout_id):
    """What ``_reindex`` does (read ``_source``, write it elsewhere), and ``_update`` itself."""
    layout, client = get_layout(layout_id), engine.client
    codec = "context" if layout.signature.place in ("stored", "doc_values") else "int_array"
    variant, again = (variant_of(layout_id, codec, name) for name in (index_name, "test-again"))
    create_index(client, variant, "run")
    load_documents(client, variant, signatures[:20])

    def seen(index: str) -> list:
        hits = []
        for number in (3, 11):
            for fetch in ("signature", "path"):
                body = search_body(variant, signatures[number], size=20, fetch=fetch)
                found = client.search(**{**body, "index": index})["hits"]["hits"]
                hits += [
                    (one["_id"], one["_score"], one.get("fields"), one.get("_source"))
                    for one in found
                ]
        return hits

    before = seen(index_name)
    create_index(client, again, "run")
    try:
        for hit in client.search(index=index_name, size=20, sort="_seq_no")["hits"]["hits"]:
            if "_source" in hit:
                client.index(index=again.index_name, id=hit["_id"], document=hit["_source"])
        client.indices.refresh(index=again.index_name)
        assert (seen(again.index_name) == before) == layout.keeps_source
    finally:
        client.indices.delete(index=again.index_name)
    change: dict = {"index": index_name, "id": "3", "doc": {layout.path_name: "a"}, "refresh": True}
    if layout.source == "disabled":
        with pytest.raises(BadRequestError, match="document_source_missing_exception"):
            client.update(**change)
    else:
        client.update(**change)
        scores = {hit[:2] for hit in seen(index_name)}
        assert (scores == {hit[:2] for hit in before}) == layout.keeps_source


@pytest.mark.engine
@pytest.mark.parametrize("layout_id", ["tagged_stored", "tagged_column", "signature_in_source"])
def test_text_codecs_are_kept_too(engine, index_name, signatures, layout_id):
    variant = variant_of(layout_id, "base62", index_name)
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, signatures[:20])
    found, _ = search_all(engine.client, variant, np.arange(5), signatures[:5])
    assert (found[found["rank"] == 0]["distance"] == 0).all()
