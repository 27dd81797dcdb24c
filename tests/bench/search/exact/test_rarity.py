"""Weights by rarity: Lucene's formula, and whole numbers that a score holds exactly."""

import math

import numpy as np

from bench.search.exact.rarity import UNIT, idf_weights
from bench.search.search import EXACT


def test_weights_are_lucenes_rounded():
    frequencies = np.array([1, 7, 500, 999], dtype=np.int32)
    for frequency, weight in zip(frequencies, idf_weights(frequencies, 1000), strict=True):
        rarity = math.log(1 + (1000 - frequency + 0.5) / (frequency + 0.5))
        assert abs(weight - UNIT * rarity) <= 0.5 or weight == 1


def test_sums_are_exact_up_to_a_billion_documents():
    largest = idf_weights(np.ones(128, dtype=np.int32), 10**9)
    assert int(largest.sum()) < EXACT
    assert np.float32(largest.sum()) == largest.sum()
