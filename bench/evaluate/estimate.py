"""One measured value and its uncertainty."""

from dataclasses import dataclass

import numpy as np

from bench.evaluate.arrays import Floats
from bench.evaluate.bootstrap import percentile_interval, wilson_interval


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
