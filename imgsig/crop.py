"""Which part of a picture is sampled: step 2 of the paper, first half."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Limits of rows and of columns, lower bound included, upper excluded.
Window = tuple[tuple[int, int], tuple[int, int]]


def crop_window(
    grey: NDArray[Any], percentiles: tuple[float, float] = (5, 95), fix_ratio: bool = False
) -> Window:
    """Limits between which the picture's accumulated change lies, without featureless borders.

    Parameters
    ----------
    grey : ndarray
        ``(height, width)`` grey levels. Unsigned integers wrap around when they are subtracted, as
        they do in the reference.
    percentiles : tuple of float
        Lower and upper percentile of accumulated absolute change.
    fix_ratio : bool
        Use the longer range for both directions.

    Returns
    -------
    Window
        ``((top, bottom), (left, right))`` in pixels.

    Examples
    --------
    >>> framed = np.zeros((100, 80))
    >>> framed[20:80, 30:50] = np.random.default_rng(0).random((60, 20))
    >>> crop_window(framed)
    ((20, 79), (30, 49))
    """
    # np.diff of booleans or unsigned integers is part of the contract: see `imgsig.image`.
    rows = _limits(np.cumsum(np.sum(np.abs(np.diff(grey, axis=1)), axis=1)), percentiles)
    columns = _limits(np.cumsum(np.sum(np.abs(np.diff(grey, axis=0)), axis=0)), percentiles)
    if fix_ratio:
        longer = rows if rows[1] - rows[0] > columns[1] - columns[0] else columns
        return longer, longer
    return rows, columns


def _limits(change: NDArray[Any], percentiles: tuple[float, float]) -> tuple[int, int]:
    lower, upper = percentiles
    first = int(np.searchsorted(change, np.percentile(change, lower), side="right"))
    last = int(np.searchsorted(change, np.percentile(change, upper), side="left"))
    if first > last:  # nearly featureless: take the middle of the picture
        return int(lower / 100.0 * len(change)), int(upper / 100.0 * len(change))
    return first, last
