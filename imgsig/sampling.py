"""Mean grey level around each grid point: steps 2 (second half) and 3 of the paper."""

import math

import numpy as np
from numpy.typing import NDArray

from imgsig.errors import ConfigError
from imgsig.levels import Levels
from imgsig.squares import Edges

#: Limits of rows and of columns, lower bound included, upper excluded.
Window = tuple[tuple[int, int], tuple[int, int]]


def sampled_window(
    levels: Levels, percentiles: tuple[float, float] | None, fix_ratio: bool = False
) -> Window:
    """Part of a picture that the grid covers.

    Parameters
    ----------
    levels : Levels
        Grey levels of a picture.
    percentiles : tuple of float or None
        Lower and upper percentile of accumulated change, see `imgsig.crop`; None takes the whole
        picture.
    fix_ratio : bool
        Use the longer range for both directions.

    Returns
    -------
    Window
        ``((top, bottom), (left, right))`` in pixels.
    """
    if percentiles is None:
        return (0, levels.shape[0]), (0, levels.shape[1])
    rows, columns = levels.limits(0, percentiles), levels.limits(1, percentiles)
    if fix_ratio:
        longer = rows if rows[1] - rows[0] > columns[1] - columns[0] else columns
        return longer, longer
    return rows, columns


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
    rows, columns = (_between(first, last, n) for first, last in window)
    return rows, columns


def _between(first: int, last: int, n: int) -> NDArray[np.intp]:
    """What ``numpy.linspace(first, last, n + 2, dtype=int)[1:-1]`` gives, without its checks."""
    step = (last - first) / (n + 1)
    return np.array([math.floor(place * step + first) for place in range(1, n + 1)], dtype=np.intp)


def square_edges(points: NDArray[np.intp], side: float, size: int) -> Edges:
    """First and last pixel, the last excluded, of squares around points, along one direction.

    Parameters
    ----------
    points : ndarray
        Rows or columns of the grid points.
    side : float
        Side of the squares in pixels.
    size : int
        Size of the picture in this direction; squares end there.

    Returns
    -------
    tuple of ndarray
        ``intp`` each, of the length of `points`.

    Examples
    --------
    >>> square_edges(np.array([0, 4, 8]), 3.0, 9)
    (array([0, 2, 6]), array([3, 5, 9]))
    """
    first = np.maximum(points - side / 2, 0).astype(np.intp)
    return first, np.minimum(first + side, size).astype(np.intp)


def square_side(shape: tuple[int, int], P: int | None = None) -> float:
    """Side in pixels of the square that is averaged around a grid point.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the picture.
    P : int or None
        The side itself; None takes the paper's, which grows with the picture.

    Returns
    -------
    float

    Examples
    --------
    >>> square_side((480, 640)), square_side((480, 640), P=7)
    (24.0, 7.0)
    """
    return float(P) if P is not None else max(2.0, float(int(0.5 + min(shape) / 20.0)))


def mean_levels(
    grey: Levels, rows: NDArray[np.intp], columns: NDArray[np.intp], P: int | None = None
) -> NDArray[np.float64]:
    """Mean grey level of the P×P square around each grid point.

    Parameters
    ----------
    grey : Levels
        Grey levels of a picture.
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
    if rows.max() >= height or columns.max() >= width:
        raise ConfigError(
            f"the grid reaches row {rows.max()}, column {columns.max()} of a picture of "
            f"{height} rows × {width} columns; fix_ratio is for square pictures only: turn it off"
        )
    side = square_side(grey.shape, P)
    return grey.square_means(square_edges(rows, side, height), square_edges(columns, side, width))
