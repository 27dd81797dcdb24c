"""Differences between neighbouring grid points, and their binning: step 4 of the paper."""

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from imgsig.grid import Grid


def neighbor_differences(means: NDArray[np.float64], grid: Grid) -> NDArray[np.float64]:
    """Grey level of each grid point less that of each of its neighbours.

    Parameters
    ----------
    means : ndarray
        ``float64[n, n]`` mean grey levels.
    grid : Grid
        Geometry; ``grid.n`` must be n.

    Returns
    -------
    ndarray
        ``float64[n, n, neighbours]``; 0 where the neighbour is off the grid.

    Examples
    --------
    >>> neighbor_differences(np.array([[1.0, 4.0], [6.0, 8.0]]), Grid(2, False))[0, 0].tolist()
    [0.0, 0.0, -3.0, -5.0]
    """
    here, there = grid.points_compared
    # The last stands for the points off the grid, whose difference to themselves is 0.
    levels = np.zeros(grid.n * grid.n + 1)
    levels[:-1] = means.ravel()
    differences: NDArray[np.float64] = levels[here] - levels[there]
    return differences.reshape(grid.n, grid.n, -1)


def bin_differences(
    differences: NDArray[np.float64], identical_tolerance: float = 2 / 255.0, n_levels: int = 2
) -> NDArray[np.int8]:
    """Bin differences to −n_levels..n_levels, each level of a sign equally frequent.

    Parameters
    ----------
    differences : ndarray
        Any shape.
    identical_tolerance : float
        Smaller differences become 0.
    n_levels : int
        Levels on each side of 0.

    Returns
    -------
    ndarray
        int8, same shape. All 0 when no difference reaches the tolerance: a featureless picture.

    Examples
    --------
    >>> bin_differences(np.array([0.001, 0.1, 0.2, 0.3, -0.1, -0.4])).tolist()
    [0, 1, 1, 2, -1, -2]
    """
    featureless = np.abs(differences) < identical_tolerance
    kept = np.where(featureless, 0.0, differences)
    ordered = np.sort(kept, axis=None)
    first, last = ordered.searchsorted(0.0, "left"), ordered.searchsorted(0.0, "right")
    below, above = ordered[:first].tolist(), ordered[last:].tolist()
    # Counted down for negative ones, not reversed: thirds differ in the last bit.
    negative = _percentiles(below, _shares(100, 0, n_levels)) if below else []
    positive = _percentiles(above, _shares(0, 100, n_levels)) if above else []
    if _are_apart(positive) and _are_apart([-cutoff for cutoff in negative]):
        binned = np.zeros(kept.shape, dtype=np.int8)
        # Each cutoff that is passed is one level more.
        for inner in positive[:1]:
            binned += kept >= inner
        for cutoff in positive[1:-1]:
            binned += kept > cutoff
        for inner in negative[:1]:
            binned -= kept <= inner
        for cutoff in negative[1:-1]:
            binned -= kept < cutoff
        return binned
    return _binned_in_turn(kept, positive, negative)


def _are_apart(cutoffs: list[float]) -> bool:
    """Whether bins of one sign ascend and none of them holds the number of a level."""
    return all(low <= high for low, high in pairwise(cutoffs)) and max(cutoffs, default=0) < 1


def _binned_in_turn(
    kept: NDArray[np.float64], positive: list[float], negative: list[float]
) -> NDArray[np.int8]:
    """Bins written one after the other into the differences, as the reference does.

    A level written first can fall into the next bin when differences are as large as levels (grey
    files, see `imgsig.image`).
    """
    binned = kept.copy()
    for sign, cutoffs in ((1, positive), (-1, negative)):
        for level, (inner, outer) in enumerate(pairwise(cutoffs), start=1):
            magnitude = sign * binned
            inside = (magnitude >= sign * inner) & (magnitude <= sign * outer)
            binned[inside] = sign * level
    return binned.astype(np.int8)


@cache
def _shares(first: int, last: int, parts: int) -> tuple[float, ...]:
    """Percentiles from one to another in equal parts, as shares of 1."""
    return tuple((np.linspace(first, last, parts + 1) / 100).tolist())


def _percentiles(ordered: list[float], shares: tuple[float, ...]) -> list[float]:
    """What `numpy.percentile` gives, to the last bit, in a tenth of the time for a few values."""
    last = len(ordered) - 1
    found = []
    for share in shares:
        place = int(last * share)
        low, high = ordered[place], ordered[min(place + 1, last)]
        part = last * share - place
        # Interpolated from the nearer end, as numpy does.
        step = high - low
        found.append(low + step * part if part < 0.5 else high - step * (1 - part))
    return found
