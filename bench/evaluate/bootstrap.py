"""Intervals by resampling groups of queries.

Queries made from photographs of one scene succeed and fail together, so the unit that is drawn
is the group: a resample draws as many groups as there are, with replacement, and takes all
queries of each (the cluster bootstrap; Davison and Hinkley, "Bootstrap Methods and their
Application", 1997). Intervals are percentile intervals. All systems, transforms
and measures see the same resamples, so a difference of two systems is resampled in pairs. A
group drawn twice is tied with its own copy; only `uAP` with tie label ``none`` notices, slightly.

Where each group has one case only, a rate is a binomial proportion and its interval is Wilson's
score interval, which keeps its level better than resampling does (Brown, Cai and DasGupta,
"Interval Estimation for a Binomial Proportion", Statistical Science 16, 2001).

Where a rate is 0 or 1, every resample repeats it and the percentile interval has no width,
which claims too much. Wilson's score interval takes its place, with the number of groups, not of
queries, as its sample size: the cautious choice, as if queries of a group were one observation.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from bench.evaluate.arrays import Floats, Weights

_BLOCK = 1000


def draw_groups(n_groups: int, n_resamples: int, seed: int) -> Weights:
    """Draw resamples of groups."""
    random = np.random.default_rng(seed)
    weights = np.empty((n_resamples, n_groups), dtype=np.int16)
    chances = np.full(n_groups, 1 / n_groups)
    for start in range(0, n_resamples, _BLOCK):  # bounds the memory of the int64 draws
        rows = min(_BLOCK, n_resamples - start)
        weights[start : start + rows] = random.multinomial(n_groups, chances, size=rows)
    return weights


def effective_groups(cases: Floats) -> float:
    """Return how many groups of equal size would say as much: Kish's effective sample size.

    Of the cases in each group, ``float64[groups]``; 0 where there are none.

    >>> effective_groups(np.array([5.0, 5.0, 5.0])), effective_groups(np.array([9.0, 1.0]))
    (3.0, 1.2195121951219512)
    """
    squares = float(cases @ cases)
    return float(cases.sum()) ** 2 / squares if squares else 0.0


def percentile_interval(samples: Floats, confidence: float) -> tuple[float, float]:
    """Return the percentile interval of a resampled value.

    Of ``float64[b]``, NaN where the value is undefined (no query with a right answer was drawn,
    nothing was returned): those resamples are left out. NaN if it is undefined in every one.
    """
    defined: NDArray[np.float64] = samples[~np.isnan(samples)]
    if not len(defined):
        return float("nan"), float("nan")
    tail = (1 - confidence) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)


def percentile_intervals(samples: Floats, confidence: float) -> Floats:
    """Return the percentile intervals of many resampled values.

    Of ``float64[n, b]``, NaN where undefined, as for `percentile_interval`; sorted in place.
    """
    samples.sort(axis=1)  # NaN last
    n_defined = len(samples[0]) - np.isnan(samples).sum(axis=1)
    last = np.maximum(n_defined - 1, 0)
    bounds = np.empty((2, len(samples)))
    tail = (1 - confidence) / 2
    row = np.arange(len(samples))
    for place, share in enumerate((tail, 1 - tail)):
        below = np.floor(share * last).astype(np.int64)
        lower, upper = samples[row, below], samples[row, np.minimum(below + 1, last)]
        bounds[place] = lower + (share * last - below) * (upper - lower)
    return bounds


@cache
def wilson_interval(successes: int, trials: int, confidence: float) -> tuple[float, float]:
    """Return Wilson's score interval of a rate."""
    interval = binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


@dataclass(frozen=True)
class Estimate:
    """The value of a measure, and its value in every resample."""

    measure: str
    tie: str
    value: float  # NaN where it is undefined
    n: int  # queries counted
    #: float64[b]: the value in each resample; None where no interval is given
    samples: Floats | None
    n_groups: int  # groups the counted queries come from
    effective_groups: float  # as many groups of equal size would say as much
    #: Whether it is a share of cases at a fixed cutoff or rank, which Wilson's interval is for
    is_rate: bool = False
    #: Whether each group has one case, which counts as a whole or not at all
    is_binomial: bool = False
    drawn: str = "bootstrap"  # how the samples were drawn: ``bootstrap``, or ``nested``

    def row(self, confidence: float) -> dict[str, object]:
        """Return what the tables tell of it."""
        low, high, interval = self.interval(confidence)
        told = {"measure": self.measure, "tie": self.tie, "value": self.value}
        told |= {"low": low, "high": high, "interval": interval, "n": self.n}
        return told | {"effective_scenes": self.effective_groups}

    def columns(self, name: str, confidence: float) -> dict[str, object]:
        """Return value and interval as three columns of a row."""
        low, high, _ = self.interval(confidence)
        return {name: self.value, f"{name}_low": low, f"{name}_high": high}

    def interval(self, confidence: float) -> tuple[float, float, str]:
        """Return low, high and the way they were found.

        They were found by ``bootstrap``, ``nested`` (`bench.evaluate.held_out`) or as ``wilson``
        (a rate of 0 or 1, or of groups of one case each). With ``none`` they are NaN: the measure
        has no interval, its value is undefined, or fewer than two groups were counted and it is no
        rate of 0 or 1.
        """
        if self.samples is None or np.isnan(self.value):
            return float("nan"), float("nan"), "none"
        if self.is_rate and (self.is_binomial or self.value in {0.0, 1.0}):
            successes = round(self.value * self.n_groups)
            return *wilson_interval(successes, self.n_groups, confidence), "wilson"
        if self.n_groups < 2:
            return float("nan"), float("nan"), "none"
        return *percentile_interval(self.samples, confidence), self.drawn
