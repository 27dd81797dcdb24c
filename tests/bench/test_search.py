"""Searching on the real engine: scores are counts of equal words, in a fixed order."""

import numpy as np
import pytest

from bench.errors import MeasurementError
from bench.indexing import create_index, load_documents
from bench.search import search_all
from bench.variant import Variant
from bench.verification import verify_candidates
from imgsig import get_words, normalized_distance

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
        engine.client, variant, queries, chosen, size=50, advance=done.append
    )
    assert sum(done) == len(timings) == 40
    words, query_words = get_words(signatures, k, N), get_words(chosen, k, N)
    assert verify_candidates(candidates, queries, query_words, words, 50) == len(candidates) > 300
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
    fields = {f"simple_word_{i}": {"type": "keyword"} for i in range(63)}
    engine.client.indices.create(index=index_name, mappings={"properties": fields})
    variant = Variant(63, 16, {"id": "none"}, name=index_name)
    load_documents(engine.client, variant, signatures[:50])
    with pytest.raises(MeasurementError, match="no word counts"):
        search_all(engine.client, variant, np.arange(5), signatures[:5])
