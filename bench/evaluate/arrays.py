"""Array types of the evaluation, and sums by group."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]
Weights = NDArray[np.int16]
"""How often each group is drawn: ``int16[resamples, groups]``."""


def sums(place: Integers, length: int, values: NDArray[np.generic] | None = None) -> Floats:
    """Return the sum of the values at each place, or their count: ``float64[length]``.

    >>> sums(np.array([0, 2, 2]), 3).tolist(), sums(np.array([0, 2]), 3, np.array([5, 7])).tolist()
    ([1.0, 0.0, 2.0], [5.0, 0.0, 7.0])
    """
    return np.bincount(place, values, minlength=length).astype(np.float64)
