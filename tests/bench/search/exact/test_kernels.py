"""Compiled loops do what their source says."""

import numpy as np
import pytest

from bench.search.exact import kernels


@pytest.fixture
def postings():
    """Five words of 30 documents, and the ranges that four queries look up."""
    rng = np.random.default_rng(0)
    words = rng.integers(0, 4, (5, 30))
    documents = np.argsort(words, axis=1, kind="stable").astype(np.int32)
    asked = rng.integers(0, 5, (5, 4))
    begin, end = (
        np.array([
            np.searchsorted(np.sort(own), wanted, side=side)
            for own, wanted in zip(words, asked, strict=True)
        ], dtype=np.int32)
        for side in ("left", "right")
    )  # fmt: skip
    return words, asked, (documents, begin, end)


@pytest.mark.parametrize("row", range(4))
def test_matches_are_equal_words(postings, row):
    words, asked, lists = postings
    counts = np.full(30, 99, dtype=np.uint8)
    kernels.count_matches(counts, *lists, row)
    np.testing.assert_array_equal(counts, (words == asked[:, [row]]).sum(axis=0))


def test_scores_of_pairs_are_those_of_their_query(postings):
    words, asked, lists = postings
    query, doc = np.array([0, 0, 2, 3, 3]), np.array([3, 29, 7, 0, 11])
    scores = np.empty(5, dtype=np.int32)
    kernels.score_pairs(np.zeros(30, dtype=np.uint8), *lists, query, doc, scores)
    np.testing.assert_array_equal(scores, (words[:, doc] == asked[:, query]).sum(axis=0))


@pytest.mark.parametrize("size", [1, 3, 30])
def test_search_places_the_best_in_document_order(postings, size):
    words, asked, lists = postings
    docs, scores = np.full((2, 4, size), -1, dtype=np.int32)
    n_hits, histogram = np.zeros(4, dtype=np.int64), np.zeros(6, dtype=np.int64)
    kernels.search(np.zeros(30, dtype=np.uint8), *lists, docs, scores, n_hits, histogram)
    equal = (words[:, np.newaxis] == asked[:, :, np.newaxis]).sum(axis=0)
    np.testing.assert_array_equal(histogram, np.bincount(equal.ravel(), minlength=6))
    for row in range(4):
        order = np.argsort(-equal[row], kind="stable")
        order = order[equal[row][order] > 0][:size]
        assert n_hits[row] == len(order)
        np.testing.assert_array_equal(docs[row, : len(order)], order)
        np.testing.assert_array_equal(scores[row, : len(order)], equal[row][order])


def test_squares_are_exact():
    rng = np.random.default_rng(1)
    documents, queries = (rng.integers(-2, 3, (n, 648), dtype=np.int8) for n in (9, 4))
    query, doc = (array.ravel() for array in np.indices((4, 9)))
    squares, norms = np.empty(36, dtype=np.int32), np.empty(9, dtype=np.int32)
    kernels.squared_distances(documents, queries, query, doc, squares)
    kernels.squared_norms(documents, norms)
    apart = documents[doc].astype(int) - queries[query]
    np.testing.assert_array_equal(squares, (apart**2).sum(axis=1))
    np.testing.assert_array_equal(norms, (documents.astype(int) ** 2).sum(axis=1))
