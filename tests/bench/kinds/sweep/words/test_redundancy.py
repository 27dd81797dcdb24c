"""Dependence of words on each other."""

import numpy as np
import pytest

from bench.kinds.sweep.words import redundancy
from imgsig import WordScheme

RNG = np.random.default_rng(3)
PICTURES = RNG.integers(-1, 2, (2, 3000, 648)).astype(np.int8)


def test_correlation_is_numpys():
    scheme = WordScheme(N=60, k=2, spacing=tuple(range(60)))
    found = redundancy(scheme, *PICTURES)
    equal = scheme.words(PICTURES[0]) == scheme.words(PICTURES[1])
    expected = np.corrcoef(equal.astype(float), rowvar=False)
    np.testing.assert_allclose(found.correlation, expected, atol=1e-12)


def test_overlapping_words_are_fewer_than_they_look():
    overlapping = redundancy(WordScheme(N=100, k=2, spacing=tuple(range(100))), *PICTURES)
    disjoint = redundancy(WordScheme(N=100, k=2, spacing="disjoint"), *PICTURES)
    assert overlapping.effective_words < 80 < disjoint.effective_words
    assert (overlapping.repeated > 0.2).all()
    assert (disjoint.repeated < 0.2).all()


def test_words_that_never_vary_have_no_correlation():
    same = np.zeros((5, 648), dtype=np.int8)
    found = redundancy(WordScheme(N=3, k=2), same, same)
    assert np.isnan(found.correlation).all()
    assert np.isnan(found.effective_words)
    assert np.isnan(found.repeated).all()


def test_one_pair_is_refused():
    one = np.zeros((1, 648), dtype=np.int8)
    with pytest.raises(ValueError, match="no two pairs"):
        redundancy(WordScheme(), one, one)
