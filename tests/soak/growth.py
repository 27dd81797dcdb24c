"""Whether a quantity grows over time: a robust slope, and how sure that is.

The slope is Theil and Sen's: the median of the slopes of all pairs of points, which a third of wild
points cannot move. What counts is the lower end of its interval, so that noise alone fails nothing.

Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 1968.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import theilslopes

from bench.runs.errors import MeasurementError

#: Share of the time after which growth counts: caches fill and code is imported before.
WARM_UP = 0.25
#: Confidence of the slope's interval.
CONFIDENCE = 0.99
#: Points without which a slope says nothing.
LEAST_POINTS = 5


@dataclass(frozen=True)
class Allowance:
    """How much a quantity may grow in a run: the larger of both.

    Parameters
    ----------
    share : float
        Of its level.
    least : float
        In its own unit.
    """

    share: float
    least: float


#: By column of the samples.
ALLOWANCES: Mapping[str, Allowance] = {
    "own_bytes": Allowance(0.02, 5e6),
    "handles": Allowance(0.0, 1.0),
    "threads": Allowance(0.0, 1.0),
    "children": Allowance(0.0, 1.0),
}


@dataclass(frozen=True)
class Growth:
    """How a quantity changed.

    Parameters
    ----------
    quantity : str
        Its name.
    points : int
        Samples after the warm-up.
    level : float
        Their median.
    growth, low, high : float
        Slope times the length of the run, and its interval.
    allowed : float
        Growth that is let pass.
    """

    quantity: str
    points: int
    level: float
    growth: float
    low: float
    high: float
    allowed: float

    @property
    def ok(self) -> bool:
        """Whether it is not sure to have grown by more than is allowed."""
        return self.low <= self.allowed


def growth(
    quantity: str, seconds: ArrayLike, values: ArrayLike, allowance: Allowance, length: float
) -> Growth:
    """Estimate how much a quantity grows in a run.

    Parameters
    ----------
    seconds, values : array
        ``float64[m]``: when it was measured, from the start of the run, and what it was.
    Examples
    --------
    >>> allowance = Allowance(share=0.0, least=1.0)
    >>> leak = growth("handles", range(100), range(50, 150), allowance, length=100.0)
    >>> leak.growth, leak.ok
    (100.0, False)
    """
    times, measured = np.asarray(seconds, float), np.asarray(values, float)
    counted = times >= WARM_UP * length
    times, measured = times[counted], measured[counted]
    if len(times) < LEAST_POINTS:
        raise MeasurementError(
            f"{len(times)} samples of {quantity} after the warm-up say nothing about its growth; "
            f"at least {LEAST_POINTS} are needed: run it longer"
        )
    slope, _, low, high = theilslopes(measured, times, alpha=CONFIDENCE)
    level = float(np.median(measured))
    return Growth(
        quantity=quantity,
        points=len(times),
        level=level,
        growth=float(slope) * length,
        low=float(low) * length,
        high=float(high) * length,
        allowed=max(allowance.share * level, allowance.least),
    )


def all_growth(samples: pd.DataFrame, length: float) -> list[Growth]:
    """Growth of every quantity that has an allowance, from the samples taken at rest."""
    rest = samples[samples["at_rest"]]
    return [
        growth(quantity, rest["seconds"], rest[quantity], allowance, length)
        for quantity, allowance in ALLOWANCES.items()
    ]
