"""The greedy choice of words."""

from itertools import combinations

import numpy as np
import pytest

from bench.kinds.sweep.words import choose_words

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
