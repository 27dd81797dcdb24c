"""A greedy choice of words: at each step the one that helps the most right pairs that lack help.

A right pair (a copy and its original) gains from its first equal word more than from its tenth.
With the gain ``1 − 2^−score`` the sum over right pairs is a submodular function of the set of
words, for which the greedy choice is within a factor 1 − 1/e of the best (Nemhauser, Wolsey and
Fisher, "An analysis of approximations for maximizing submodular set functions", 1978). Accidental
matches cost: each word's share of equal unrelated pairs is taken off, times a weight. Choose on one
half of the scenes and look at the other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgsig import WordScheme

#: Pairs whose words are compared at a time.
_PART = 4096


@dataclass(frozen=True)
class GreedyChoice:
    """Words in the order in which they were chosen.

    Parameters
    ----------
    positions : tuple of int
        Where they begin.
    gains : tuple of float
        What each added to the objective: right pairs helped, a pair, less the cost.
    """

    positions: tuple[int, ...]
    gains: tuple[float, ...]

    def scheme(self, N: int, k: int) -> WordScheme:
        """The scheme of the first N words chosen."""
        return WordScheme(N=N, k=k, spacing=tuple(sorted(self.positions[:N])))


def choose_words(
    k: int,
    N: int,
    right: tuple[NDArray[np.int8], NDArray[np.int8]],
    wrong: tuple[NDArray[np.int8], NDArray[np.int8]],
    *,
    cost: float = 1.0,
) -> GreedyChoice:
    """Choose N of all words of k values, one at every position.

    Parameters
    ----------
    right : tuple of ndarray
        ``int8[pairs, length]`` twice: copies and their originals.

    Notes
    -----
    Words of which none would help are chosen in ascending order of position, so the choice is
    the same every time.
    """
    length = right[0].shape[-1]
    every = WordScheme(N=length, k=k, spacing=tuple(range(length)))
    if not 1 <= N <= length:
        raise ValueError(f"{N} of {length} words cannot be chosen")
    if not len(right[0]) or not len(wrong[0]):
        raise ValueError("a choice needs right pairs and wrong pairs to choose by")
    equal = _equal(every, *right)
    accidents = _equal(every, *wrong).mean(axis=0)
    left = np.ones(len(equal))  # 2^−score of each pair: what its next equal word is worth, twice
    free = np.ones(length, dtype=np.bool_)
    positions, gains = [], []
    for _ in range(N):
        gain = (left / 2) @ equal / len(equal) - cost * accidents
        best = int(np.argmax(np.where(free, gain, -np.inf)))
        positions.append(best)
        gains.append(float(gain[best]))
        free[best] = False
        left[equal[:, best]] /= 2
    return GreedyChoice(tuple(positions), tuple(gains))


def _equal(
    scheme: WordScheme, first: NDArray[np.int8], second: NDArray[np.int8]
) -> NDArray[np.bool_]:
    """Which words of each pair are equal, ``bool[pairs, N]``; in parts, to spare memory."""
    parts = [
        scheme.words(first[start : start + _PART]) == scheme.words(second[start : start + _PART])
        for start in range(0, len(first), _PART)
    ]
    return np.concatenate(parts)
