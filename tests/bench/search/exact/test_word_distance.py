"""Distance of what the words hold, against the library's own."""

import numpy as np
import pytest

from bench.search.exact.word_distance import known_values, word_distances
from imgsig import Grid, WordScheme, get_words, normalized_distance
from imgsig.sign_words import known_signs, signs_from_words


@pytest.mark.parametrize(("k", "N"), [(16, 63), (10, 40), (4, 8), (24, 100), (1, 1)])
def test_known_values_of_the_references_words(k, N):
    np.testing.assert_array_equal(known_values(WordScheme(N=N, k=k)), known_signs(k, N))


def test_known_values_of_a_strip_are_those_and_their_mirrors():
    grid = Grid()
    known = known_values(WordScheme(N=1, k=3, spacing=(5,), strip="half"))
    own = grid.free[5:8]
    expected = ~grid.on_grid
    expected[[*own, *grid.partner[own]]] = True
    np.testing.assert_array_equal(known, expected)
    everything = WordScheme(N=17, k=16, spacing="disjoint", strip="half")
    assert known_values(everything).all()


@pytest.mark.parametrize(("k", "N"), [(16, 63), (10, 40), (4, 8)])
def test_distance_is_that_of_signs_recovered_from_words(alike, k, N):
    documents, queries = alike(1, 30), alike(2, 4)
    documents[3] = 0
    queries[2] = 0
    query, doc = (array.ravel() for array in np.indices((4, 30)))
    scheme = WordScheme(N=N, k=k)
    found = word_distances(scheme, documents, queries, query, doc).reshape(4, 30)
    of_documents, of_queries = (
        signs_from_words(get_words(signatures, k, N), k) for signatures in (documents, queries)
    )
    for row in range(4):
        expected = normalized_distance(of_documents, of_queries[row])
        np.testing.assert_array_equal(found[row], expected)


def test_quinary_words_that_hold_all_values_give_the_signatures_distance(alike):
    documents, queries = alike(3, 10), alike(4, 1)
    scheme = WordScheme(N=63, k=16, alphabet="quinary")
    found = word_distances(
        scheme, documents, queries, np.zeros(10, np.int64), np.arange(10, dtype=np.int64)
    )
    np.testing.assert_array_equal(found, normalized_distance(documents, queries[0]))
