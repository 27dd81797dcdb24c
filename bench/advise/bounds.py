"""Bounds that hold for the chosen one of many.

A bound at 95 % fails for one choice in twenty, and the smallest of thousands that seem to reach
what is asked is likelier than others to be one of these. So bounds of what is chosen are taken at
the confidence 1 - (1 - 95 %) / m, m being the number of choices: then all m hold together at 95 %,
however they depend on each other (Bonferroni's inequality).
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Joint:
    """Bounds of so many choices at once, from those of each by itself at a confidence."""

    confidence: float
    choices: int

    @property
    def widening(self) -> float:
        """How many times as far from a normal value its joint bound is.

        >>> [round(Joint(0.95, choices).widening, 2) for choices in (1, 36_367)]
        [1.0, 2.46]
        """
        tail = (1 - self.confidence) / 2
        return float(norm.isf(tail / self.choices) / norm.isf(tail))

    def share(self, share: Floats, low: Floats) -> Floats:
        """Wilson's lower bound of a share.

        Wilson's bound L of a share p solves (p - L)² = z² L (1 - L) / n: the single bound tells
        z² / n, and the joint one solves the same with a larger z.

        >>> Joint(0.95, 1).share(np.array([0.5, 1.0]), np.array([0.4, 0.9])).round(4)
        array([0.4, 0.9])
        >>> Joint(0.95, 1000).share(np.array([0.5, 1.0]), np.array([0.4, 0.9])).round(4)
        array([0.3055, 0.6776])
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = self.widening**2 * (share - low) ** 2 / (low * (1 - low))
            half = share + spread / 2
            bound = (half - np.sqrt(half**2 - (1 + spread) * share**2)) / (1 + spread)
        return np.where((low > 0) & (low < 1), bound, low)

    def rate(self, rate: Floats, bound: Floats) -> Floats:
        """A bound of a rate: on a log scale; by the rule of three where nothing was counted.

        >>> joint = Joint(0.95, 1000)
        >>> [float(f"{one:.3g}") for one in joint.rate(np.array([1e-6, 0]), np.array([2e-6, 3e-6]))]
        [4.2e-06, 9.92e-06]
        """
        none = 1 - self.confidence
        with np.errstate(divide="ignore", invalid="ignore"):
            wider = rate * (bound / rate) ** self.widening
        return np.where(rate > 0, wider, bound * math.log(none / self.choices) / math.log(none))

    def of(self, table: pd.DataFrame) -> pd.DataFrame:
        """Recall, rate of wrong pairs and the model's rate with joint bounds in place of theirs."""
        joint = table.copy()
        recall = table["recall"].to_numpy(np.float64)
        joint["recall_low"] = self.share(recall, table["recall_low"].to_numpy(np.float64))
        missed = self.share(1 - recall, 1 - table["recall_high"].to_numpy(np.float64))
        joint["recall_high"] = 1 - missed
        for middle, name in (("rate", "rate"), ("tail_rate", "tail")):
            for end in ("low", "high"):
                column = f"{name}_{end}"
                ends = (table[one].to_numpy(np.float64) for one in (middle, column))
                joint[column] = self.rate(*ends)
        return joint
