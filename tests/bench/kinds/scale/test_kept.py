"""Which documents a filter keeps, and the best of them, by hand and on the engine."""

import numpy as np
import pytest

from bench.index.build import create_index, load_documents
from bench.index.variant import Variant
from bench.kinds.scale import kept as module
from bench.kinds.scale.kept import Kept, best_of_kept, kept_documents, path_field
from bench.runs.errors import ExperimentError, MeasurementError
from bench.search.exact.stream import by_score
from bench.search.search import search_all, search_body
from bench.search.verification import expected_hits
from imgsig.layouts import get_layout

WORDS = Variant(63, 16, {"id": "none"})


def test_numbered_documents_are_kept_as_often_as_real_ones():
    kept = kept_documents(None, 20, 100, 0.1)
    assert kept.docs.tolist() == list(range(18, 28))
    assert (kept.docs < 20).mean() * len(kept.docs) == 0.1 * 20
    assert (kept.begin, kept.end) == ("originals/00000018", "originals/00000028")
    assert kept_documents(None, 100, 100, 0.1).end is None
    assert kept_documents(None, 400, 400, 0.001).docs.tolist() == [399]  # one at least


def test_documents_of_a_folder_are_kept_by_the_order_of_their_paths():
    paths = ["b/1", "a/1", "c/1", "a/0"]  # then 1/b/1, 1/a/1 …
    kept = kept_documents(paths, 4, 8, 0.5)
    # 1/a/0 1/a/1 [1/b/1 1/c/1 a/0 a/1] b/1 c/1
    assert (kept.begin, kept.end) == ("1/b/1", "b/1")
    assert kept.docs.tolist() == [1, 3, 4, 6]
    with pytest.raises(MeasurementError, match=r"a path has 302 characters.*more than 256"):
        kept_documents(["x" * 300], 1, 2, 0.5)


def test_what_a_layout_can_be_filtered_by():
    assert path_field(get_layout("dynamic")) == "path.keyword"
    assert path_field(get_layout("keyword")) == "path"
    assert path_field(get_layout("vector_sign_flat")) == "path"
    with pytest.raises(ExperimentError, match=r"'tagged_integer'.*not searched, filtered"):
        path_field(get_layout("tagged_integer"))


@pytest.mark.parametrize("share", [0.1, 0.7])
def test_the_best_are_those_of_the_documents_kept(signatures, monkeypatch, share):
    monkeypatch.setattr(module, "BLOCK", 64)
    queries, size = signatures[:12], len(signatures)
    paths = [f"{number % 7}/{number}" for number in range(size)]
    kept = kept_documents(paths, size, size, share)
    assert len(kept.docs) == round(share * size)
    best = best_of_kept(by_score(WORDS, queries), kept, signatures, 12, 10)
    scorer = WORDS.identity.layout.matcher.scorer(WORDS.scheme, signatures)
    for row, query in enumerate(queries):
        scores = np.where(np.isin(np.arange(size), kept.docs), scorer(query), 0)
        docs, found = expected_hits(scores, 10)
        assert best.docs[row, : best.found[row]].tolist() == docs.tolist()
        assert best.scores[row, : best.found[row]].tolist() == found.tolist()


@pytest.mark.engine
@pytest.mark.parametrize("layout", ["dynamic", "keyword", "keyword_column"])
def test_an_engine_finds_the_documents_kept(engine, index_name, signatures, layout):
    variant = Variant(63, 16, {"id": "none"}, layout=layout, name=index_name)
    create_index(engine.client, variant, "run")
    paths = [f"ä/{number % 7}/{number}" for number in range(150)]
    load_documents(engine.client, variant, signatures, paths=paths)
    size = len(signatures)
    kept = kept_documents(paths, 150, size, 0.3)
    clause = kept.clause(variant.identity.layout)
    body = search_body(variant, signatures[0], size=size, fetch="id", narrowed_by=clause)
    engine.client.indices.refresh(index=index_name)
    found = [int(hit["_id"]) for hit in engine.client.search(**body)["hits"]["hits"]]
    all_hits, _ = search_all(
        engine.client, variant, np.arange(1), signatures[:1], size=size, fetch="id"
    )
    expected = [doc for doc in all_hits["doc"] if doc in set(kept.docs.tolist())]
    assert found == expected
    assert len(expected) > 0


def test_a_range_without_end_has_none():
    clause = Kept("b", None, np.arange(2)).clause(get_layout("keyword"))
    assert clause == {"range": {"path": {"gte": "b"}}}
