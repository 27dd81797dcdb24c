"""Percentiles that a sample supports, and ratios of medians with their intervals."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

#: Samples that must lie beyond a percentile on either side. How many do is a binomial count; with
#: ten expected its standard deviation is a third of it, with one (the rule of Elastic's load
#: generator Rally, https://esrally.readthedocs.io, which gives p99 from 100 samples) as large as
#: itself.
BEYOND = 10

Samples = NDArray[np.float64]


def supported_percentile(samples: Samples, percent: float) -> float:
    """A percentile, or NaN where the sample is too small for it."""
    share = min(percent, 100 - percent) / 100
    if round(len(samples) * share, 9) < BEYOND:  # 1000 * 0.01 is a little more or less than 10
        return float("nan")
    return float(np.percentile(samples, percent))


def median_ratio(
    samples: Samples,
    first: Samples,
    *,
    resamples: int,
    confidence: float,
    seed: int,
    paired: bool = True,
) -> tuple[float, float, float]:
    """Ratio of two medians, with the interval of a bootstrap that draws pairs.

    Values of equal place were measured one after the other; where they were not, ``paired`` is
    false and each sample is drawn for itself. ``(ratio, low, high)`` of ``samples`` over ``first``.
    """
    if paired and len(samples) != len(first):
        raise ValueError(f"{len(samples)} and {len(first)} samples are no pairs")
    ratio = float(np.median(samples) / np.median(first))
    if samples is first or np.array_equal(samples, first):
        return ratio, ratio, ratio
    interval = bootstrap(
        (samples, first),
        lambda a, b, axis: np.median(a, axis=axis) / np.median(b, axis=axis),
        paired=paired,
        vectorized=True,
        n_resamples=resamples,
        confidence_level=confidence,
        method="percentile",
        batch=500,
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return ratio, float(interval.low), float(interval.high)
