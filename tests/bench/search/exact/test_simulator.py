"""Simulated hits are those of a search without any index."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.search.exact.simulator import Simulator, leaf_bytes
from imgsig import ConfigError, WordScheme


def brute_force(words, query, size):
    """Every document's equal words; best first, among equals the lower number."""
    scored = [(int((row == query).sum()), number) for number, row in enumerate(words)]
    best = sorted((-score, number) for score, number in scored if score)[:size]
    return [(number, -score) for score, number in best]


@st.composite
def schemes(draw):
    strip = draw(st.sampled_from(["none", "border", "half"]))
    alphabet = draw(st.sampled_from(["ternary", "quinary"]))
    length = {"none": 648, "border": 544, "half": 272}[strip]
    k = draw(st.integers(1, 39 if alphabet == "ternary" else 27))
    kind = draw(st.sampled_from(["even", "disjoint", "chosen"]))
    if kind == "chosen":
        places = draw(st.sets(st.integers(0, length - 1), min_size=1, max_size=40))
        spacing = tuple(sorted(places))
        return WordScheme(len(spacing), k, alphabet, spacing, strip)
    most = length // k if kind == "disjoint" else length
    return WordScheme(draw(st.integers(1, min(most, 300))), k, alphabet, kind, strip)


@settings(deadline=None, max_examples=60)
@given(scheme=schemes(), seed=st.integers(0, 99), size=st.integers(1, 50))
def test_hits_are_those_of_brute_force(alike, scheme, seed, size):
    documents, queries = alike(seed, 40), alike(seed + 1000, 5)
    queries[0] = documents[7]
    words, asked = scheme.words(documents), scheme.words(queries)
    simulator = Simulator(documents, queries)
    hits = simulator.search(scheme, size)
    equal = (words[np.newaxis] == asked[:, np.newaxis]).sum(axis=2)
    for row, query in enumerate(asked):
        own = hits.query == row
        found = list(zip(hits.doc[own].tolist(), hits.score[own].tolist(), strict=True))
        assert found == brute_force(words, query, size)
        assert hits.rank[own].tolist() == list(range(len(found)))
    np.testing.assert_array_equal(
        hits.histogram, np.bincount(equal.ravel(), minlength=scheme.N + 1)
    )
    query, doc = (array.ravel() for array in np.indices(equal.shape))
    np.testing.assert_array_equal(simulator.score_pairs(scheme, query, doc), equal.ravel())


def test_words_kept_from_other_schemes_change_nothing(alike):
    documents, queries = alike(3, 50), alike(4, 6)
    one = Simulator(documents, queries)
    order = [
        WordScheme(N, k, alphabet)
        for k in (4, 9)
        for alphabet in ("ternary", "quinary")
        for N in (63, 9, 128, 63)
    ]
    for scheme in order:
        fresh = Simulator(documents, queries).search(scheme, 20)
        again = one.search(scheme, 20)
        for field in ("query", "rank", "doc", "score", "histogram"):
            np.testing.assert_array_equal(getattr(again, field), getattr(fresh, field))


def test_scores_above_a_byte_are_counted(alike):
    documents = alike(5, 3, originals=1)
    scheme = WordScheme(N=648, k=1)
    hits = Simulator(documents, documents[:1]).search(scheme)
    assert hits.score.max() == 648
    np.testing.assert_array_equal(
        hits.score, np.sort((np.sign(documents) == np.sign(documents[0])).sum(axis=1))[::-1]
    )


def test_histogram_holds_every_pair(alike):
    simulator = Simulator(alike(6, 30), alike(7, 4))
    histogram = simulator.search(WordScheme(N=20, k=6), 1).histogram
    assert histogram.shape == (21,)
    assert histogram.sum() == 30 * 4


def test_leaves_are_those_of_each_word(alike):
    documents = alike(8, 700)
    scheme = WordScheme(N=9, k=5, alphabet="quinary")
    total = 0
    for column in scheme.words(documents).T:
        order = np.lexsort((np.arange(700), column))
        total += leaf_bytes(column[order], order)
    found = Simulator(documents, documents[:1]).leaf_bytes(scheme)
    assert found == total / 700 > 2


def test_signatures_of_another_length_are_refused():
    with pytest.raises(ConfigError, match="648"):
        Simulator(np.zeros((2, 600), np.int8), np.zeros((1, 600), np.int8)).search(WordScheme())


@pytest.mark.parametrize("N", [8, 63])
def test_weights_of_equal_words_are_summed(alike, N):
    documents, queries = alike(3, 40), alike(4, 5)
    scheme, simulator = WordScheme(N, 6), Simulator(documents, queries)
    equal = scheme.words(documents)[np.newaxis] == scheme.words(queries)[:, np.newaxis]
    frequencies = simulator.document_frequencies(scheme)
    np.testing.assert_array_equal(frequencies, equal.sum(axis=1))
    weights = np.random.default_rng(5).integers(1, 9000, frequencies.shape).astype(np.int32)
    for sums, own, of_words in zip(
        simulator.weighted(scheme, weights), equal, weights, strict=True
    ):
        np.testing.assert_array_equal(sums, own @ of_words.astype(np.int64))
