"""Searching on the real engine: scores are counts of equal words, in a fixed order."""

import numpy as np
import pytest

from bench.index.build import create_index, load_documents
from bench.index.variant import Variant
from bench.runs.errors import ExperimentError, MeasurementError
from bench.search.search import search_all, search_body
from bench.search.verification import verify_candidates
from bench.signing.tables import document_path
from imgsig import normalized_distance
from imgsig.index import ImageIndex
from tests.shared import as_applications

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("N", "k", "codec"),
    [
        (63, 16, {"id": "int_array"}),
        (40, 12, {"id": "base62", "strip": "border"}),
        (16, 16, {"id": "none"}),
    ],
)
def test_every_hit_equals_the_words_counted_offline(engine, index_name, signatures, N, k, codec):
    variant = Variant(N, k, codec, name=index_name)
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, signatures)
    queries, chosen = np.arange(100, 140), signatures[:40]
    done = []
    candidates, timings = search_all(
        engine.client, variant, queries, chosen, size=50, advance=done.append, clients=2
    )
    assert sum(done) == len(timings) == 40
    assert timings["query"].tolist() == queries.tolist()
    verified = verify_candidates(candidates, variant, queries, chosen, signatures, size=50)
    assert verified.hits == len(candidates) > 300
    assert (timings["latency_ms"] > 0).all()
    first = candidates[candidates["rank"] == 0]
    assert (first["score"] == N).all()
    if variant.stores_signature:
        for query, hits in candidates.groupby("query"):
            expected = normalized_distance(signatures[hits["doc"]], chosen[int(query) - 100])
            np.testing.assert_array_equal(hits["distance"], expected)
    else:
        assert candidates["distance"].isna().all()


def test_scores_that_are_no_counts_are_an_error(engine, index_name, signatures):
    # As words that were sent as text are mapped: by BM25 on every engine, unlike keywords.
    fields = {f"simple_word_{i}": {"type": "text"} for i in range(63)}
    engine.client.indices.create(index=index_name, mappings={"properties": fields})
    variant = Variant(63, 16, {"id": "none"}, name=index_name)
    load_documents(engine.client, variant, signatures[:50])
    message = f"^index '{index_name}' gives scores that are no word counts: "
    with pytest.raises(MeasurementError, match=message):
        search_all(engine.client, variant, np.arange(5), signatures[:5])


@pytest.mark.parametrize("layout", ["dynamic", "tagged_column", "untagged"])
def test_a_least_number_of_words(engine, index_name, signatures, layout):
    variant = Variant(63, 16, {"id": "none"}, layout=layout, name=index_name)
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, signatures[:100])
    queries, chosen = np.arange(6), signatures[200:206]
    found = {}
    for least in (None, 1, 3):
        found[least], _ = search_all(
            engine.client, variant, queries, chosen, minimum_should_match=least
        )
        verify_candidates(
            found[least],
            variant,
            queries,
            chosen,
            signatures[:100],
            size=100,
            minimum_should_match=least,
        )
    assert found[None].equals(found[1])
    assert 0 < len(found[3]) < len(found[1])


@pytest.mark.parametrize(
    ("layout", "least", "message"),
    [
        ("vector_bit_flat", 1, "searches none"),
        ("dynamic", 0, "1 to N = 63, not 0"),
        ("dynamic", 64, "1 to N = 63, not 64"),
    ],
)
def test_an_impossible_least_number_is_refused(signatures, layout, least, message):
    variant = Variant(63, 16, {"id": "none"}, layout=layout)
    with pytest.raises(ExperimentError, match=message):
        search_body(variant, signatures[0], minimum_should_match=least)


def test_candidates_are_of_vectors_and_no_fewer_than_hits(signatures):
    variant = Variant(63, 16, {"id": "none"}, layout="vector_sign_hnsw")
    asked = search_body(variant, signatures[0], size=20, num_candidates=50)["query"]["knn"]
    assert (asked["k"], asked["num_candidates"]) == (20, 50)
    with pytest.raises(ExperimentError, match="19 candidates are fewer than the 20 hits"):
        search_body(variant, signatures[0], size=20, num_candidates=19)
    with pytest.raises(ExperimentError, match="num_candidates is of vectors"):
        search_body(Variant(63, 16, {"id": "none"}), signatures[0], num_candidates=200)


def test_a_source_that_is_not_kept_is_not_fetched(signatures):
    variant = Variant(63, 16, {"id": "none"}, layout="tagged_column")
    with pytest.raises(ExperimentError, match="layout 'tagged_column' keeps no _source to fetch"):
        search_body(variant, signatures[0], fetch="source")


def test_only_what_is_asked_for_is_fetched(engine, index_name, signatures):
    variant = Variant(20, 16, {"id": "int_array"}, name=index_name)
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, signatures[:20])
    returned = {}
    for fetch in ("signature", "path", "id", "source"):
        body = search_body(variant, signatures[0], fetch=fetch)
        hits = engine.client.search(**body)["hits"]["hits"]
        returned[fetch] = set(hits[0].get("_source", {}))
        found, _ = search_all(engine.client, variant, np.arange(1), signatures[:1], fetch=fetch)
        assert found["distance"].notna().all() == (fetch == "signature")
    assert returned["signature"] == {"signature"}
    assert returned["path"] == {"path"}
    assert returned["id"] == set()
    assert len(returned["source"]) == 22


@pytest.mark.parametrize("codec", [{"id": "packed", "strip": "half"}, {"id": "none"}])
def test_what_people_call_opens_the_index_and_finds_the_same(engine, index_name, signatures, codec):
    variant = Variant(63, 16, codec, "tagged_column", name=index_name)
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, signatures)
    index = ImageIndex.open(as_applications(engine.client), index_name)
    assert index.identity == variant.identity
    candidates, _ = search_all(engine.client, variant, np.arange(10), signatures[::29], size=20)
    for query, hits in candidates.groupby("query"):
        found = index.search_signatures(
            {"as_is": signatures[29 * int(query)]}, size=20, rank="score"
        )
        assert [int(one.id) for one in found] == hits["doc"].tolist()
        assert [one.score for one in found] == hits["score"].tolist()
        distances = [float("nan") if one.distance is None else one.distance for one in found]
        np.testing.assert_array_equal(distances, hits["distance"])
        assert [one.path for one in found] == [document_path(doc) for doc in hits["doc"]]
