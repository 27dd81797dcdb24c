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
    """Draw resamples of groups.

    Examples
    --------
    >>> draw_groups(3, 5, seed=0).sum(axis=1).tolist()
    [3, 3, 3, 3, 3]
    """
    random = np.random.default_rng(seed)
    weights = np.empty((n_resamples, n_groups), dtype=np.int16)
    chances = np.full(n_groups, 1 / n_groups)
    for start in range(0, n_resamples, _BLOCK):  # bounds the memory of the int64 draws
        rows = min(_BLOCK, n_resamples - start)
        weights[start : start + rows] = random.multinomial(n_groups, chances, size=rows)
    return weights


def percentile_interval(samples: Floats, confidence: float) -> tuple[float, float]:
    """Return the percentile interval of a resampled value.

    Parameters
    ----------
    samples : float64[b]
        The value in each resample; NaN where it is undefined (no query with a right answer was
        drawn, nothing was returned). Those resamples are left out.

    Returns
    -------
    low, high : float
        NaN if the value is undefined in every resample.

    Examples
    --------
    >>> low, high = percentile_interval(np.arange(101) / 100, 0.9)
    >>> round(low, 6), round(high, 6)
    (0.05, 0.95)
    """
    defined: NDArray[np.float64] = samples[~np.isnan(samples)]
    if not len(defined):
        return float("nan"), float("nan")
    tail = (1 - confidence) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)


def percentile_intervals(samples: Floats, confidence: float) -> Floats:
    """Return the percentile intervals of many resampled values.

    Parameters
    ----------
    samples : float64[n, b]
        The values in each resample; NaN where undefined, as for `percentile_interval`. Sorted in
        place.

    Examples
    --------
    >>> percentile_intervals(np.arange(101.0)[None, :], 0.9).round(6).tolist()
    [[5.0], [95.0]]
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
    """Return Wilson's score interval of a rate.

    Examples
    --------
    >>> low, high = wilson_interval(10, 10, 0.95)
    >>> round(low, 3), high
    (0.722, 1.0)
    """
    interval = binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


@dataclass(frozen=True)
class Estimate:
    """The value of a measure, and its value in every resample.

    Parameters
    ----------
    measure, tie : str
        Name of the measure and tie label.
    value : float
        The value; NaN where it is undefined.
    n : int
        Queries counted.
    samples : float64[b], optional
        The value in each resample; None where no interval is given.
    n_groups : int
        Groups the counted queries come from.
    is_rate : bool
        Whether it is a share of cases at a fixed cutoff or rank. Wilson's interval is for those.
    is_binomial : bool
        Whether each of the groups has one case, which counts as a whole or not at all.
    """

    measure: str
    tie: str
    value: float
    n: int
    samples: Floats | None
    n_groups: int
    is_rate: bool = False
    is_binomial: bool = False

    def interval(self, confidence: float) -> tuple[float, float, str]:
        """Return low, high and the way they were found.

        Returns
        -------
        low, high : float
            NaN where there is no interval: the measure has none, its value is undefined, or
            fewer than two groups were counted.
        kind : str
            ``bootstrap``, ``wilson`` (a rate of 0 or 1, or of groups of one case each) or
            ``none``.
        """
        if self.samples is None or np.isnan(self.value):
            return float("nan"), float("nan"), "none"
        if self.is_rate and (self.is_binomial or self.value in {0.0, 1.0}):
            successes = round(self.value * self.n_groups)
            return *wilson_interval(successes, self.n_groups, confidence), "wilson"
        if self.n_groups < 2:
            return float("nan"), float("nan"), "none"
        return *percentile_interval(self.samples, confidence), "bootstrap"
