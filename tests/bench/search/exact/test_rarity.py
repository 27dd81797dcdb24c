"""Weights by rarity: Lucene's formula, and whole numbers that a score holds exactly."""

import math

import numpy as np
import pytest

from bench.index.variant import Variant
from bench.search.exact.rarity import UNIT, idf_weights
from bench.search.search import EXACT, search_body
from tests.shared import DISTRIBUTION


def test_weights_are_lucenes_rounded():
    frequencies = np.array([1, 7, 500, 999], dtype=np.int32)
    for frequency, weight in zip(frequencies, idf_weights(frequencies, 1000), strict=True):
        rarity = math.log(1 + (1000 - frequency + 0.5) / (frequency + 0.5))
        assert abs(weight - UNIT * rarity) <= 0.5 or weight == 1


def test_sums_are_exact_up_to_a_billion_documents():
    largest = idf_weights(np.ones(128, dtype=np.int32), 10**9)
    assert int(largest.sum()) < EXACT
    assert np.float32(largest.sum()) == largest.sum()


@pytest.mark.engine
def test_bm25_of_words_that_occur_once_is_their_rarity_times_a_constant(
    engine, index_name, signatures
):
    """What BM25 scores of a keyword field: the same order, on every engine."""
    variant = Variant(63, 16, {"id": "none"}, layout="keyword_column", name=index_name)
    scheme, layout, database = variant.scheme, variant.identity.layout, signatures[:90]
    bm25 = {"simple_words": {"type": "keyword"}, "path": {"type": "keyword"}}
    # Since 3.0 OpenSearch scores a keyword 1 by default, and leaves the factor k1 + 1 out of BM25.
    is_new = DISTRIBUTION.engine == "opensearch" and not DISTRIBUTION.version.startswith("2.")
    if is_new:
        bm25["simple_words"]["use_similarity"] = True
    engine.client.indices.create(
        index=index_name,
        mappings={"properties": bm25},
        settings={"number_of_shards": 1, "number_of_replicas": 0},
    )
    paths = [str(number) for number in range(len(database))]
    for path, one in zip(
        paths, layout.documents(scheme, variant.get_codec(), paths, database), strict=True
    ):
        engine.client.index(index=index_name, id=path, document=one)
    engine.client.indices.refresh(index=index_name)
    words, compared = scheme.words(database), 0
    for signature in signatures[200:206]:
        equal = words == scheme.words(signature)
        weights = idf_weights(equal.sum(axis=0).astype(np.int32), len(words))
        found = engine.client.search(**search_body(variant, signature, fetch="id"))["hits"]["hits"]
        scores = np.array([hit["_score"] for hit in found])
        rarity = equal[[int(hit["_id"]) for hit in found]] @ weights
        # b = 0.75 and k1 = 1.2, for a field of 63 values without norms
        constant = (1 if is_new else 2.2) / (1 + 1.2 * (0.25 + 0.75 / 63)) / UNIT
        np.testing.assert_allclose(scores, constant * rarity, rtol=1e-3)
        compared += len(found)
    assert compared > 20
