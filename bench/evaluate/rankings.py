"""The rankings of one list of hits: by what, in which direction, cut how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.evaluate.arrays import Bools, Floats


@dataclass(frozen=True)
class Ranking:
    """An order of hits by a value made of one or more columns."""

    name: str
    #: Columns of the candidates the value is made of. A variant without one of them does not have
    #: the ranking.
    columns: tuple[str, ...]
    #: Direction. It also fixes the cutoff rule: a higher-is-better ranking keeps ``value >=
    #: cutoff``, a lower-is-better one ``value < cutoff``, strictly, as image-match does with its
    #: distance cutoff.
    higher_is_better: bool
    #: from the number of words N to the cutoffs of the curves, increasing
    cutoffs: Callable[[int], Floats]
    combine: Callable[..., Floats]  # from the columns, in their order, to the value

    def values(self, columns: Mapping[str, Floats]) -> Floats:
        """Return the value of each hit, ``float64[h]``, from the columns of the hits."""
        return self.combine(*(columns[column] for column in self.columns))

    def goodness(self, values: NDArray[np.number]) -> Floats:
        """Return the values as floats of which larger is better."""
        floats = np.asarray(values).astype(np.float64)
        return floats if self.higher_is_better else -floats

    def keeps(self, values: NDArray[np.number], cutoff: float) -> Bools:
        """Tell which values a cutoff keeps. A NaN cutoff, "there is none", keeps nothing."""
        kept = values >= cutoff if self.higher_is_better else values < cutoff
        return np.asarray(kept, dtype=np.bool_)

    def cutoff_keeping(self, goodness: float) -> float:
        """Return the tightest cutoff that keeps hits of this goodness.

        For a strict cutoff it is the next float above the value, so that the cutoff, used as it
        is, keeps exactly the hits it was found on.
        """
        return goodness if self.higher_is_better else float(np.nextafter(-goodness, np.inf))


def score_minus_half_distance(score: Floats, distance: Floats) -> Floats:
    """Return one number that orders by score, and hits of one score by distance.

    The distance, 0 to 1, takes off at most a half, which is less than scores differ by. So that
    one cutoff does for both: of 16.8, hits of score 17 up to distance 0.4, and all of higher
    scores. Distances of hits of one score that differ by less than 1e-12 may count as equal: the
    last bits are those of the sum.
    """
    return np.asarray(score - np.clip(distance, 0.0, 1.0) / 2, dtype=np.float64)


def _itself(column: Floats) -> Floats:
    return column


def _score_cutoffs(word_count: int) -> Floats:
    return np.arange(1, word_count + 1, dtype=np.float64)


def _distance_cutoffs(_word_count: int) -> Floats:
    # Divided, not accumulated, so that 0.45 is the float 0.45.
    return np.arange(201, dtype=np.float64) / 200


def _pair_cutoffs(word_count: int) -> Floats:
    halves = np.arange(5, -1, -1, dtype=np.float64) / 10
    return np.subtract.outer(_score_cutoffs(word_count), halves).ravel()


SCORE = Ranking("score", ("score",), True, _score_cutoffs, _itself)
"""By match score, 1..N, descending. Cutoffs of the curves: every score."""

DISTANCE = Ranking("distance", ("distance",), False, _distance_cutoffs, _itself)
"""By normalized distance of the stored signatures, ascending. Cutoffs: 0 to 1 by 0.005."""

SIGN_DISTANCE = Ranking("sign_distance", ("sign_distance",), False, _distance_cutoffs, _itself)
"""By normalized distance of the signs, which the words alone hold. Cutoffs: 0 to 1 by 0.005."""

SCORE_THEN_DISTANCE = Ranking(
    "score_then_distance",
    (SCORE.name, DISTANCE.name),
    True,
    _pair_cutoffs,
    score_minus_half_distance,
)
"""By score, ties broken by distance. Cutoffs of the curves: every score with 0, 0.2, … 1."""

SCORE_THEN_SIGN = Ranking(
    "score_then_sign",
    (SCORE.name, SIGN_DISTANCE.name),
    True,
    _pair_cutoffs,
    score_minus_half_distance,
)
"""By score, ties broken by the distance of the signs. Cutoffs as of `SCORE_THEN_DISTANCE`."""

RANKINGS: dict[str, Ranking] = {
    ranking.name: ranking
    for ranking in (SCORE, DISTANCE, SIGN_DISTANCE, SCORE_THEN_DISTANCE, SCORE_THEN_SIGN)
}
"""Every ranking that needs no tuning by name, in the order of the tables."""

COLUMNS: tuple[str, ...] = (SCORE.name, DISTANCE.name, SIGN_DISTANCE.name)
"""Columns of the candidates that rankings are made of."""


def hybrid_ranking(low: int, high: int) -> Ranking:
    """Return the ranking by score, but by distance within a band of scores.

    Hits with ``score >= high`` come first, by score. Those with ``low <= score < high`` follow,
    by distance: only their signatures have to be fetched. Hits below `low` come last, by score.
    The value of a hit outside the band is its score; within it is ``high - 1/4 - distance / 2``.
    """

    def combine(score: Floats, distance: Floats) -> Floats:
        within = (score >= low) & (score < high)
        by_distance = high - 0.25 - np.clip(distance, 0.0, 1.0) / 2
        return np.where(within, by_distance, score)

    def cutoffs(word_count: int) -> Floats:
        scores = _score_cutoffs(word_count)
        if low >= high:
            return scores
        band = high - 0.25 - np.arange(200, -1, -1, dtype=np.float64) / 400
        return np.concatenate([scores[scores < low], band, scores[scores >= high]])

    return Ranking(HYBRID, (SCORE.name, DISTANCE.name), True, cutoffs, combine)


HYBRID = "hybrid"
"""Name of the ranking by score and, within a band of scores, by distance."""
