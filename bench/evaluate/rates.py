"""Intervals of rates whose cases come in groups.

Cases of one group, the queries of one scene, succeed and fail together, so n of them say less than
n independent ones. Wilson's score interval (proportions) and Garwood's exact interval (counts of
rare events) are taken at the effective sample size n / d, where d is the design effect: the
variance of the rate between groups, linearised as of a ratio of two sums, over the variance that
independent cases would have (Kish, "Survey Sampling", 1965; for Wilson's interval: Franco et al.,
"Comparative study of confidence intervals for proportions in complex sample surveys", Journal of
Survey Statistics and Methodology 7, 2019). d below 1 is taken as 1: a few groups that agree by
chance do not make a sample larger than it is. A single group counts as one case.

Where all cases agree the variance between groups is 0 and says nothing. A proportion of 0 or 1 then
counts each group as one case, the cautious choice that `bench.evaluate.bootstrap` makes too. No
event at all gives the rule of three: an upper bound of -ln(1 - confidence) events, 3.0 at 95 %
(Hanley and Lippman-Hand, "If nothing goes wrong, is everything all right?", JAMA 249, 1983).
"""

import math

import numpy as np
from scipy.stats import chi2
from statsmodels.stats.proportion import proportion_confint

from bench.evaluate.arrays import Floats


def rate_interval(part: Floats, whole: Floats, confidence: float) -> tuple[float, float]:
    """Return Wilson's interval of a proportion of grouped cases.

    NaN where there are no cases.
    """
    n_cases = float(whole.sum())
    if not n_cases:
        return float("nan"), float("nan")
    rate = float(part.sum()) / n_cases
    present = whole > 0
    if rate in {0.0, 1.0}:
        size = float(present.sum())
    else:
        residuals = (part - rate * whole)[present]
        size = n_cases / _design_effect(residuals, n_cases * rate * (1 - rate), n_cases)
    low, high = proportion_confint(rate * size, size, alpha=1 - confidence, method="wilson")
    # The bounds hold exactly; the clip removes a last-bit excess.
    return float(np.clip(low, 0.0, rate)), float(np.clip(high, rate, 1.0))


def share(part: Floats, whole: Floats, confidence: float) -> dict[str, float]:
    """Return a proportion of grouped cases as columns of a row; NaN where there are no cases."""
    n = whole.sum()
    low, high = rate_interval(part, whole, confidence)
    value = float(part.sum() / n) if n else float("nan")
    return {"share": value, "low": low, "high": high, "n": int(n)}


def event_interval(events: Floats, exposure: Floats, confidence: float) -> tuple[float, float]:
    """Return Garwood's exact interval of the rate of rare events in grouped exposures.

    Events per chance; NaN where there are no chances.
    """
    chances = float(exposure.sum())
    if not chances:
        return float("nan"), float("nan")
    count = float(events.sum())
    if not count:
        return 0.0, -math.log(1 - confidence) / chances
    residuals = (events - count / chances * exposure)[exposure > 0]
    effect = max(1.0, _design_effect(residuals, count, count))
    effective = count / effect
    tail = (1 - confidence) / 2
    low = chi2.ppf(tail, 2 * effective) / 2
    high = chi2.isf(tail, 2 * effective + 2) / 2
    return float(low * effect / chances), float(high * effect / chances)


def poisson_interval(count: int) -> tuple[float, float]:
    """Return Garwood's exact 95 % interval of the mean of so many independent events.

    >>> [round(end, 3) for end in poisson_interval(4)]
    [1.09, 10.242]
    """
    low = float(chi2.ppf(0.025, 2 * count)) / 2 if count else 0.0
    return low, float(chi2.ppf(0.975, 2 * count + 2)) / 2


def verdict(low: float, high: float, bound: float, at_least: bool) -> str:
    """Return what the interval of a rate says of a bound it should be at least, or at most.

    ``holds`` if the whole interval is on the right side of the bound, ``does not hold`` if all of
    it is on the other side, else ``cannot be told``, as where there is none (NaN).

    >>> [verdict(0.9, 0.95, bound, at_least=True) for bound in (0.5, 0.92, 0.99)]
    ['holds', 'cannot be told', 'does not hold']
    """
    if (low >= bound) if at_least else (high <= bound):
        return "holds"
    return "does not hold" if ((high < bound) if at_least else (low > bound)) else "cannot be told"


def _design_effect(residuals: Floats, independent: float, of_one_group: float) -> float:
    """Return variance of a sum over groups, over its variance were all cases independent."""
    if len(residuals) < 2:
        return of_one_group
    return max(1.0, float(residuals @ residuals) / independent)
