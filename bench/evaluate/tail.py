"""Wrong pairs too rare to be seen, by the tail of those that are.

At 20,000 documents and 1,000 queries a wrong pair that happens once in a billion does not show; in
a collection of a billion every query has one. Beyond the last wrong pairs that were counted there
is only a model: above a start, values of wrong pairs exceed it by an exponentially distributed
amount, so that the logarithm of their rate falls in a straight line with the cutoff (the
peaks-over-threshold model of Davison and Smith, "Models for Exceedances over High Thresholds",
JRSS B 52, 1990, with shape 0; for whole-numbered scores the geometric distribution). Its one
parameter, the mean excess, has a closed estimate, so that it is refitted in every resample of
groups; the interval holds what the sample leaves open, not whether the model is right. A tail that
is heavier, as where some queries are plainer than others, makes it too hopeful the further it
reaches.
"""

from dataclasses import dataclass

import numpy as np

from bench.evaluate.arrays import Floats
from bench.evaluate.bootstrap import percentile_interval
from bench.evaluate.sample import Sample

TAIL_PAIRS = 100
"""The start is the tightest cutoff that still keeps so many wrong pairs."""


@dataclass(frozen=True)
class Tail:
    """A fitted tail.

    Parameters
    ----------
    start : float
        The cutoff from which on it holds, as goodness.
    rate : float
        Wrong pairs a chance for one at the start.
    scale : float
        Goodness over which the rate falls by a factor e.
    rates, scales : float64[b]
        Both in each resample; NaN where no wrong pair beyond the start was drawn.
    """

    start: float
    rate: float
    scale: float
    rates: Floats
    scales: Floats

    def rate_at(self, goodness: float, confidence: float) -> tuple[float, float, float]:
        """Return the rate at a cutoff with its percentile interval.

        Returns
        -------
        rate, low, high : float
            NaN before the start.
        """
        excess = goodness - self.start
        if excess < 0:
            return float("nan"), float("nan"), float("nan")
        rate = self.rate * float(np.exp(-excess / self.scale))
        samples = self.rates * np.exp(-excess / self.scales)
        return rate, *percentile_interval(samples, confidence)


def fit_tail(sample: Sample, exposure: Floats, cutoffs: Floats) -> Tail | None:
    """Fit the tail of the wrong pairs."""
    wrong = ~sample.hits.right
    goodness = sample.ranking.goodness(sample.values[wrong])
    group = sample.group[sample.hits.query[wrong]]
    if len(goodness) < TAIL_PAIRS:
        return None
    last = np.sort(goodness)[-TAIL_PAIRS]
    starts = sample.ranking.goodness(cutoffs)
    starts = starts[starts <= last]
    if not len(starts):
        return None
    start = float(starts.max())
    beyond = goodness >= start
    counts, excess = (
        np.bincount(group[beyond], weights, minlength=sample.n_groups).astype(np.float64)
        for weights in (None, goodness[beyond] - start)
    )
    if not excess.sum():
        return None
    discrete = bool((goodness == np.round(goodness)).all())
    drawn = sample.drawn
    with np.errstate(divide="ignore", invalid="ignore"):  # a resample may draw none: NaN
        rates = (drawn @ counts) / (drawn @ exposure)
        scales = _scale((drawn @ excess) / (drawn @ counts), discrete)
    return Tail(
        start,
        float(counts.sum() / exposure.sum()),
        float(_scale(np.array([excess.sum() / counts.sum()]), discrete)[0]),
        rates,
        scales,
    )


def _scale(mean_excess: Floats, discrete: bool) -> Floats:
    """Return the e-folding length of a tail of this mean excess; NaN where that is 0."""
    positive = np.where(mean_excess > 0, mean_excess, np.nan)
    # Of a geometric distribution with mean m the share beyond x is (m / (1 + m))^x.
    return 1 / np.log1p(1 / positive) if discrete else positive
