"""The rankings of one list of hits: by what, in which direction, cut how."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.evaluate.arrays import Bools, Floats


@dataclass(frozen=True)
class Ranking:
    """An order of hits by the value of one column.

    Parameters
    ----------
    name : str
        Name in the tables.
    column : str
        Column of the candidates that holds the value.
    higher_is_better : bool
        Direction. It also fixes the cutoff rule: a higher-is-better ranking keeps
        ``value >= cutoff``, a lower-is-better one ``value < cutoff``, strictly, as image-match
        does with its distance cutoff.
    cutoffs : callable
        From the number of words N to the cutoffs of the curves, increasing.

    Examples
    --------
    >>> DISTANCE.keeps(np.array([0.2, 0.45]), 0.45).tolist()
    [True, False]
    >>> SCORE.keeps(np.array([7, 6]), 7).tolist()
    [True, False]
    """

    name: str
    column: str
    higher_is_better: bool
    cutoffs: Callable[[int], Floats]

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


def _score_cutoffs(word_count: int) -> Floats:
    return np.arange(1, word_count + 1, dtype=np.float64)


def _distance_cutoffs(_word_count: int) -> Floats:
    # Divided, not accumulated, so that 0.45 is the float 0.45.
    return np.arange(201, dtype=np.float64) / 200


SCORE = Ranking("score", "score", True, _score_cutoffs)
"""By match score, 1..N, descending. Cutoffs of the curves: every score."""

DISTANCE = Ranking("distance", "distance", False, _distance_cutoffs)
"""By normalized distance, ascending. Cutoffs of the curves: 0 to 1 in steps of 0.005."""

RANKINGS: dict[str, Ranking] = {ranking.name: ranking for ranking in (SCORE, DISTANCE)}
"""Every ranking by name, in the order of the tables."""
