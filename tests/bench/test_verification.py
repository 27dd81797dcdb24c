"""Expected hits, and that a difference is found."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bench.errors import MeasurementError
from bench.verification import expected_hits, verify_candidates

WORDS = arrays(np.int64, (12, 5), elements=st.integers(0, 3))


@given(words=WORDS, query=arrays(np.int64, 5, elements=st.integers(0, 3)), size=st.integers(1, 15))
def test_expected_hits_follow_the_rule(words, query, size):
    documents, scores = expected_hits(words, query, size)
    counted = [
        (sum(w == q for w, q in zip(row, query, strict=True)), i) for i, row in enumerate(words)
    ]
    best = sorted(((s, i) for s, i in counted if s), key=lambda hit: (-hit[0], hit[1]))[:size]
    assert [(int(s), int(d)) for s, d in zip(scores, documents, strict=True)] == best


def table(words, queries, query_words, size):
    rows = []
    for query, own in zip(queries, query_words, strict=True):
        for rank, (doc, score) in enumerate(zip(*expected_hits(words, own, size), strict=True)):
            rows.append((query, rank, doc, score))
    return pd.DataFrame(rows, columns=["query", "rank", "doc", "score"])


@pytest.fixture
def searched():
    rng = np.random.default_rng(5)
    words, query_words = rng.integers(0, 4, (50, 8)), rng.integers(0, 4, (6, 8))
    queries = np.arange(10, 16)
    return table(words, queries, query_words, 20), queries, query_words, words, 20


def test_equal_hits_are_counted(searched):
    assert verify_candidates(*searched) == len(searched[0]) > 60


@pytest.mark.parametrize("column", ["doc", "score"])
def test_a_single_wrong_value_is_found(searched, column):
    candidates = searched[0].copy()
    candidates.loc[30, column] += 1
    with pytest.raises(MeasurementError, match=f"query {candidates.loc[30, 'query']}: .* at rank"):
        verify_candidates(candidates, *searched[1:])


def test_a_missing_hit_is_found(searched):
    with pytest.raises(MeasurementError, match="instead of"):
        verify_candidates(searched[0].drop(index=len(searched[0]) - 1), *searched[1:])


def test_a_query_without_any_hit_is_found(searched):
    candidates = searched[0]
    with pytest.raises(MeasurementError, match="None instead of"):
        verify_candidates(candidates[candidates["query"] != 12], *searched[1:])
