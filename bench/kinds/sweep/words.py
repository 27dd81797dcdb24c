"""Which words matter: how much each one tells, what it repeats, and which ones to choose.

How much a word tells is its entropy, and how often it is equal by accident. The entropy that a
sample of n documents shows can never exceed log2 n bits, so Shannon's entropy of a long word is a
lower bound. The probability that two unrelated documents have the same word has no such limit: it
is estimated without bias from pairs, and it is what a search engine pays for. Its negative
logarithm is Rényi's entropy of order 2 (the collision entropy).

What words repeat: overlapping words are equal or different together.

The choice is greedy: at each step the word that helps the most right pairs that lack help.
A right pair (a copy and its original) gains from its first equal word more than from its tenth.
With the gain ``1 − 2^−score`` the sum over right pairs is a submodular function of the set of
words, for which the greedy choice is within a factor 1 − 1/e of the best (Nemhauser, Wolsey and
Fisher, "An analysis of approximations for maximizing submodular set functions", 1978). Accidental
matches cost: each word's share of equal unrelated pairs is taken off, times a weight. Choose on one
half of the scenes and look at the other.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import entropy

from bench.evaluate.rates import poisson_interval
from imgsig import WordScheme

#: Pairs whose words are compared at a time.
_PART = 4096


@dataclass(frozen=True)
class GreedyChoice:
    """Where words begin, in the order in which they were chosen.

    A gain is what a word added to the objective: right pairs helped, a pair, less the cost.
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

    Pairs are ``int8[pairs, length]`` twice; right ones are copies and their originals. Words of
    which none would help are chosen in ascending order of position, so the choice is the same every
    time.
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


@dataclass(frozen=True)
class Redundancy:
    """How words depend on each other, over pairs of pictures.

    `correlation` is ``float64[N, N]``, of "this word is equal" between words (phi coefficient); NaN
    where a word is equal in all pairs or in none. `effective_words` is how many independent words
    would make the number of equal words vary as much: the sum of the words' variances, times N,
    over the variance of their sum. N where words are independent, 1 where they are all the same.
    """

    correlation: NDArray[np.float64]
    effective_words: float

    @property
    def repeated(self) -> NDArray[np.float64]:
        """For each word the largest correlation with another; ``float64[N]``."""
        others = np.where(np.eye(len(self.correlation), dtype=np.bool_), np.nan, self.correlation)
        known = np.where(np.isnan(others), -np.inf, others).max(axis=1)
        return np.where(np.isinf(known), np.nan, known)


def redundancy(scheme: WordScheme, first: NDArray[np.int8], second: NDArray[np.int8]) -> Redundancy:
    """Measure how words depend on each other: pairs are ``int8[pairs, length]`` twice."""
    if len(first) != len(second) or len(first) < 2:
        raise ValueError(f"{len(first)} and {len(second)} pictures make no two pairs")
    equal = (scheme.words(first) == scheme.words(second)).astype(np.float64)
    centred = equal - equal.mean(axis=0)
    covariance = centred.T @ centred / len(equal)
    deviation = np.sqrt(np.diag(covariance))
    scale = np.outer(deviation, deviation)
    correlation = np.full_like(covariance, np.nan)
    np.divide(covariance, scale, out=correlation, where=scale > 0)
    total = covariance.sum()
    effective = float(scheme.N * np.trace(covariance) / total) if total > 0 else float("nan")
    return Redundancy(correlation, effective)


#: Collections for which accidental matches are predicted.
COLLECTION_SIZES = (1_000_000, 100_000_000, 1_000_000_000)


def word_selectivity(
    scheme: WordScheme, signatures: NDArray[np.int8], groups: NDArray[np.int64]
) -> pd.DataFrame:
    """One row a word: entropy, selectivity and expected accidental matches.

    Signatures are ``int8[documents, length]``, `groups` the scene of each: only pairs of different
    scenes count as unrelated. ``shannon_bits`` is of the sample, with the correction of Miller and
    Madow; at most about log2 of the documents. ``collision_probability`` is of two documents of
    different scenes; its interval is Poisson's for the number of equal pairs (Garwood 1936), as if
    pairs were independent. ``matches_at_<size>`` are documents of a collection of that size that
    share the word with a query by accident.
    """
    words = scheme.words(signatures)
    _, groups = np.unique(groups, return_inverse=True)
    sizes = np.bincount(groups)
    pairs = _pairs(np.array([len(groups)])) - _pairs(sizes)
    if not pairs:
        raise ValueError("all documents are of one scene; accidental matches need unrelated ones")
    rows = []
    for number, position in enumerate(scheme.positions.tolist()):
        column = words[:, number]
        counts = np.unique(column, return_counts=True)[1]
        _, within = np.unique(np.stack((column, groups)), axis=1, return_counts=True)
        equal = _pairs(counts) - _pairs(within)
        low, high = poisson_interval(equal)
        probability = equal / pairs
        rows.append(
            {
                "word": number,
                "position": position,
                "distinct": len(counts),
                "most_common_share": counts.max() / len(column),
                "shannon_bits": entropy(counts, base=2)
                + (len(counts) - 1) / (2 * len(column) * np.log(2)),
                "collision_probability": probability,
                "collision_low": low / pairs,
                "collision_high": high / pairs,
                "collision_bits": -np.log2(probability) if equal else np.inf,
                **{f"matches_at_{size}": probability * size for size in COLLECTION_SIZES},
            }
        )
    return pd.DataFrame(rows)


def _pairs(counts: NDArray[np.int64]) -> int:
    """Number of unordered pairs inside groups of these sizes, exactly."""
    return int(sum(count * (count - 1) // 2 for count in counts.tolist()))
