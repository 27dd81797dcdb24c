"""Lists joined by the ranks of their hits."""

import numpy as np
import pandas as pd

from bench.kinds.scoring.fusion import UNIT, fused, fused_answers


def answer(docs_by_query, took):
    """Hits and timings, as a search gives them."""
    hits = [
        (query, rank, doc, 9 - rank)
        for query, docs in docs_by_query.items()
        for rank, doc in enumerate(docs)
    ]
    timings = pd.DataFrame({"query": [4, 7], "took_ms": took, "latency_ms": took + 0.5})
    return pd.DataFrame(hits, columns=["query", "rank", "doc", "score"]), timings


def test_ranks_are_summed_as_the_paper_does():
    scores = fused([np.array([2, 0, 3]), np.array([0, 2])], 5)
    expected = [1 / 62 + 1 / 61, 0, 1 / 61 + 1 / 62, 1 / 63, 0]
    np.testing.assert_allclose(scores / UNIT, expected, atol=1e-8)
    assert scores[0] == scores[2]  # places changed, the same sum


def test_answers_are_joined_query_by_query():
    first, second = answer({4: [2, 0, 3], 7: [1]}, 2.0), answer({4: [0, 2]}, 3.0)
    found, timings = fused_answers([first, second], 5, 2)
    assert found["query"].tolist() == [4, 4, 7]
    assert found["rank"].tolist() == [0, 1, 0]
    assert found["doc"].tolist() == [0, 2, 1]  # among equal scores, as they were indexed
    assert timings["took_ms"].tolist() == [5, 5]
    assert timings["latency_ms"].tolist() == [6, 6]
