"""Entropy and accidental matches, against counts by hand and brute force."""

import numpy as np
import pytest

from bench.kinds.sweep.words import COLLECTION_SIZES, word_selectivity
from imgsig import WordScheme

SCHEME = WordScheme(N=3, k=2)


def test_collisions_are_those_of_all_unrelated_pairs(signatures):
    groups = np.arange(len(signatures)) % 29
    table = word_selectivity(SCHEME, signatures, groups)
    words = SCHEME.words(signatures)
    for number in range(SCHEME.N):
        column = words[:, number]
        equal = total = 0
        for i in range(len(column)):
            others = groups[i + 1 :] != groups[i]
            equal += int(np.count_nonzero((column[i + 1 :] == column[i]) & others))
            total += int(np.count_nonzero(others))
        assert table["collision_probability"][number] == equal / total
        assert table["collision_low"][number] < equal / total < table["collision_high"][number]


def test_a_word_that_is_always_the_same_tells_nothing():
    table = word_selectivity(SCHEME, np.zeros((10, 648), dtype=np.int8), np.arange(10))
    assert (table["collision_probability"] == 1).all()
    assert (table["collision_bits"] == 0).all()
    assert (table["shannon_bits"] == 0).all()
    assert (table["distinct"] == 1).all()
    assert (table[f"matches_at_{COLLECTION_SIZES[0]}"] == COLLECTION_SIZES[0]).all()


def test_words_that_never_collide_have_an_upper_limit_by_the_rule_of_three():
    rng = np.random.default_rng(1)
    scheme = WordScheme(N=2, k=39)
    table = word_selectivity(scheme, rng.integers(-1, 2, (50, 648)).astype(np.int8), np.arange(50))
    pairs = 50 * 49 / 2
    assert (table["collision_probability"] == 0).all()
    assert np.isinf(table["collision_bits"]).all()
    # 3.69 / pairs: the two-sided Poisson limit at 97.5 %.
    assert table["collision_high"].to_numpy() == pytest.approx(3.689 / pairs, rel=1e-3)


def test_uniform_words_have_the_entropy_of_their_alphabet():
    rng = np.random.default_rng(2)
    signatures = rng.integers(-1, 2, (20_000, 648)).astype(np.int8)
    table = word_selectivity(WordScheme(N=4, k=3), signatures, np.arange(20_000))
    assert table["shannon_bits"].to_numpy() == pytest.approx(np.log2(27), abs=0.01)
    assert table["collision_bits"].to_numpy() == pytest.approx(np.log2(27), abs=0.01)


def test_one_scene_has_no_unrelated_pairs():
    with pytest.raises(ValueError, match="one scene"):
        word_selectivity(SCHEME, np.zeros((10, 648), dtype=np.int8), np.zeros(10, dtype=int))
