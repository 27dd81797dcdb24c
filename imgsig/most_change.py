"""A bound of the change in a picture, which also tells whether its levels are numbers."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Why levels that are NaN or infinite are refused.
NOT_FINITE = "pixels hold NaN or infinity; replace them before signing"

#: Smaller sums of squares may have lost squares that are too small for a float.
_TINY = 2.0**-900


def most_change_of(pixels: NDArray[Any]) -> float:
    """What the absolute differences along all rows or along all columns cannot exceed.

    Parameters
    ----------
    pixels : ndarray
        Numbers of any type; at least one.

    Returns
    -------
    float
        NaN if a pixel is NaN or infinite. Infinite if it cannot be told for integers that are
        subtracted with a sign.

    Examples
    --------
    >>> most_change_of(np.zeros((3, 4), dtype=np.uint8))
    3060.0
    >>> most_change_of(np.array([[1.0, 0.0], [0.0, np.inf]]))
    nan
    """
    if pixels.dtype.kind == "b":
        return float(pixels.size)
    if pixels.dtype.kind == "u":  # differences wrap around
        return float(np.iinfo(pixels.dtype).max) * pixels.size
    if pixels.dtype.kind == "i":
        return float("inf")
    if pixels.dtype == np.float64 and pixels.flags.c_contiguous:
        flat = pixels.reshape(-1)  # one pass that finds NaN as well
        most = most_change_of_squares(float(np.vdot(flat, flat)), pixels.size)
        if most is not None:
            return most
    with np.errstate(invalid="ignore"):
        lowest, highest = float(pixels.min()), float(pixels.max())
    if not (math.isfinite(lowest) and math.isfinite(highest)):
        return float("nan")
    return 2 * pixels.size * max(abs(lowest), abs(highest))


def most_change_of_squares(squares: float, size: int) -> float | None:
    """The same from the sum of the squares of all levels, if it says enough.

    Parameters
    ----------
    squares : float
        Sum of the squares.
    size : int
        Number of levels.

    Returns
    -------
    float or None
        None if a level may be NaN or infinite, or squares may have been too small for a float.

    Examples
    --------
    >>> most_change_of_squares(4.0, 9), most_change_of_squares(float("nan"), 9)
    (12.0, None)
    """
    # Σ|x| <= √(n·Σx²), and each level is in two differences.
    return 2 * math.sqrt(size * squares) if _TINY < squares < float("inf") else None
