"""Whether a difference is more than chance, and how small a one the sample could show.

``p`` is two-sided: twice the smaller share of resamples in which the difference is at most, or at
least, 0, with one counted on top in numerator and denominator, so that it is never 0 (Davison and
Hinkley, "Bootstrap Methods and their Application", 1997, section 4.2 for the added one; the
inversion of the percentile interval is that of Efron and Tibshirani, "An Introduction to the
Bootstrap", 1993, section 15.4). B resamples resolve no p below 2 / (B + 1).

``p_holm`` is corrected by Holm's method ("A simple sequentially rejective multiple test
procedure", 1979) over a family of m comparisons. It cannot be below 2 m / (B + 1), so that many
comparisons take many resamples: `resamples_needed`.

``detectable`` is the smallest true difference that a sample such as this shows in 80 of 100 cases:
(z(1 - a / 2) + z(0.8)) times the standard error, with a = (1 - confidence) / m, the first step of
Holm's method (Bloom, "Minimum detectable effects", Evaluation Review 19(5), 1995). A difference
that is not shown, of systems with a large detectable one, is not a sign that they are equal.
"""

import math
from collections.abc import Sequence

import numpy as np
from scipy.stats import norm

from bench.evaluate.arrays import Floats

POWER = 0.8
"""Chance with which a difference as large as ``detectable`` is shown."""


def two_sided_p(differences: Floats) -> float:
    """Return the two-sided bootstrap p value of a difference.

    Parameters
    ----------
    differences : float64[b]
        The difference in each resample; NaN where it is undefined, which is left out.

    Returns
    -------
    float
        2 / (b + 1) to 1; NaN where no resample defines the difference.

    Examples
    --------
    >>> two_sided_p(np.array([0.1, 0.2, 0.3, -0.1]))  # 2 (1 + 1) / (4 + 1)
    0.8
    """
    defined = differences[~np.isnan(differences)]
    if not len(defined):
        return float("nan")
    smaller = min((defined <= 0).sum(), (defined >= 0).sum())
    return min(1.0, 2 * (1 + int(smaller)) / (1 + len(defined)))


def holm(p_values: Sequence[float]) -> list[float]:
    """Correct p values of one family by Holm's method; NaN stays NaN and is not counted.

    Examples
    --------
    >>> holm([0.01, 0.04, float("nan"), 0.03])
    [0.03, 0.06, nan, 0.06]
    """
    values = np.array(p_values, dtype=np.float64)
    defined = np.flatnonzero(~np.isnan(values))
    order = defined[np.argsort(values[defined], kind="stable")]
    # Three lines rather than statsmodels' multipletests, which collects garbage, 0.1 s, each call.
    scaled = values[order] * np.arange(len(order), 0, -1)
    values[order] = np.minimum(np.maximum.accumulate(scaled), 1.0)
    return [float(p) for p in values]


def detectable_difference(standard_error: float, n_comparisons: int, confidence: float) -> float:
    """Return the smallest true difference shown with a chance of `POWER`.

    Returns
    -------
    float
        NaN where the standard error is 0 or NaN: systems that never differ say nothing of the
        differences others would show.

    Examples
    --------
    >>> round(detectable_difference(0.01, 1, 0.95), 4)  # 2.8 standard errors
    0.028
    """
    if not standard_error > 0:
        return float("nan")
    level = (1 - confidence) / max(1, n_comparisons)
    return float((norm.isf(level / 2) + norm.ppf(POWER)) * standard_error)


def resamples_needed(n_comparisons: int, confidence: float) -> int:
    """Return the fewest resamples with which any of so many comparisons can be significant.

    Examples
    --------
    >>> resamples_needed(1, 0.95), resamples_needed(500, 0.95)
    (39, 19999)
    """
    return math.ceil(round(2 * n_comparisons / (1 - confidence), 6)) - 1
