"""Mean grey level around each grid point: steps 2 (second half) and 3 of the paper."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.crop import Window
from imgsig.errors import ConfigError


def grid_points(window: Window, n: int = 9) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the grid points, evenly spaced inside a window.

    Parameters
    ----------
    window : Window
        ``((top, bottom), (left, right))`` in pixels.
    n : int
        Points in each direction.

    Returns
    -------
    tuple of ndarray
        ``intp[n]`` rows and ``intp[n]`` columns.

    Examples
    --------
    >>> rows, columns = grid_points(((36, 684), (24, 452)))
    >>> rows.tolist()
    [100, 165, 230, 295, 360, 424, 489, 554, 619]
    """
    rows, columns = (np.linspace(*limits, n + 2, dtype=int)[1:-1] for limits in window)
    return rows, columns


def mean_levels(
    grey: NDArray[Any], rows: NDArray[np.intp], columns: NDArray[np.intp], P: int | None = None
) -> NDArray[np.float64]:
    """Mean grey level of the P×P square around each grid point.

    Parameters
    ----------
    grey : ndarray
        ``(height, width)`` grey levels.
    rows, columns : ndarray
        Grid points, in pixels.
    P : int or None
        Side of the square in pixels; None takes the paper's, which grows with the picture.

    Returns
    -------
    ndarray
        ``float64[len(rows), len(columns)]``, in the units of `grey`.

    Raises
    ------
    ConfigError
        If a grid point lies outside the picture, as it can with ``fix_ratio`` on one that is not
        square.
    """
    height, width = grey.shape
    side = float(P) if P is not None else max(2.0, int(0.5 + min(height, width) / 20.0))
    tops = np.maximum(rows - side / 2, 0).astype(int)
    lefts = np.maximum(columns - side / 2, 0).astype(int)
    bottoms = np.minimum(tops + side, height).astype(int)
    rights = np.minimum(lefts + side, width).astype(int)
    if rows.max() >= height or columns.max() >= width:
        raise ConfigError(
            f"the grid reaches row {rows.max()}, column {columns.max()} of a picture of "
            f"{height} rows × {width} columns; fix_ratio is for square pictures only: turn it off"
        )
    means = np.empty((len(rows), len(columns)))
    for i in range(len(rows)):
        for j in range(len(columns)):
            # np.mean of each square by itself: sums in another order would differ in the last bit.
            means[i, j] = grey[tops[i] : bottoms[i], lefts[j] : rights[j]].mean()
    return means
