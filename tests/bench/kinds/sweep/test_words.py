"""What words tell, what they repeat, and which are chosen."""

from itertools import combinations

import numpy as np
import pytest

from bench.kinds.sweep.words import COLLECTION_SIZES, choose_words, redundancy, word_selectivity
from imgsig import WordScheme

RNG = np.random.default_rng(4)
NOISE = (
    RNG.integers(-1, 2, (60, 648)).astype(np.int8),
    RNG.integers(-1, 2, (60, 648)).astype(np.int8),
)


def turned_at(places, pairs=40):
    """Copies that differ from their originals at given places."""
    originals = RNG.integers(0, 2, (pairs, 648)).astype(np.int8)
    copies = originals.copy()
    copies[:, places] -= 2
    return copies, originals


def test_words_that_never_match_are_not_chosen():
    damaged = np.arange(100, 648)
    chosen = choose_words(4, 10, turned_at(damaged), NOISE)
    assert max(chosen.positions) + 4 <= 100
    assert chosen.gains == tuple(sorted(chosen.gains, reverse=True))


def test_costly_words_are_not_chosen():
    wrong = tuple(side.copy() for side in NOISE)
    wrong[0][:, :324] = wrong[1][:, :324] = 1
    chosen = choose_words(4, 20, turned_at([]), wrong)
    assert min(chosen.positions) >= 324


def test_the_choice_is_near_the_best_set():
    rng = np.random.default_rng(5)
    originals = rng.integers(0, 2, (30, 648)).astype(np.int8)
    copies = np.where(rng.random(originals.shape) < 0.25, originals - 2, originals)
    chosen = choose_words(4, 2, (copies, originals), NOISE, cost=0)
    windows = np.lib.stride_tricks.sliding_window_view(np.sign(copies) == np.sign(originals), 4, 1)
    equal = windows.all(axis=2)
    best = max(
        (1 - 0.5 ** equal[:, list(pair)].sum(axis=1)).mean()
        for pair in combinations(range(0, 645, 4), 2)
    )
    assert sum(chosen.gains) >= (1 - 1 / np.e) * best


def test_a_choice_gives_a_scheme():
    chosen = choose_words(4, 10, turned_at([5]), NOISE)
    scheme = chosen.scheme(6, 4)
    assert scheme.N == 6
    assert sorted(chosen.positions[:6]) == scheme.positions.tolist()


def test_impossible_choices_are_refused():
    with pytest.raises(ValueError, match="649 of 648"):
        choose_words(4, 649, NOISE, NOISE)
    with pytest.raises(ValueError, match="right pairs"):
        choose_words(4, 5, (NOISE[0][:0], NOISE[1][:0]), NOISE)


PAIRS_RNG = np.random.default_rng(3)
PICTURES = PAIRS_RNG.integers(-1, 2, (2, 3000, 648)).astype(np.int8)


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
