"""The signature of a picture, in the steps of the paper.

Step 1 is `imgsig.image` (grey levels), the first half of step 2 `imgsig.crop` (which part of the
picture is sampled).
"""

import math
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from imgsig.config import SignatureConfig
from imgsig.errors import ShapeError
from imgsig.grid import Grid
from imgsig.image import MAX_PIXELS, ImageInput, read_levels
from imgsig.levels import Levels
from imgsig.squares import Edges

_DEFAULT = SignatureConfig()


def generate_signature(
    image: ImageInput,
    config: SignatureConfig = _DEFAULT,
    decode: str | None = None,
    max_pixels: int = MAX_PIXELS,
) -> NDArray[np.int8]:
    """Signature of a picture.

    With exact decoding, the default, it is bit for bit that which the reference implementation
    (image-match) takes of a file by its path, but for few pixel types: for those, too, with
    ``SignatureConfig(pixels="path")``. See the guide's page on image-match.

    Parameters
    ----------
    image : path, bytes, binary file object, Pillow image or array
        What each kind of picture becomes is listed in `imgsig.image`.
    config : SignatureConfig
        Grid, crop, tolerance and levels.
    decode : {"exact", "fast"}, optional
        Instead of ``config.decode``.
    max_pixels : int
        Larger pictures are refused.

    Returns
    -------
    ndarray
        ``int8[config.length]``, 648 values in −2..2 by default: for each grid point, row by row,
        the differences to its neighbours in the order upper-left, upper, upper-right, left, right,
        lower-left, lower, lower-right. All 0 for a picture without features.

    Raises
    ------
    CorruptImageError
        If the input is no picture, or is damaged, empty or too large.
    OSError
        If the file cannot be read at all.
    ConfigError
        If `decode` is unknown.

    Notes
    -----
    Goldberg, Wong: "An image signature for any kind of image", ICIP 2002, section 3.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> generate_signature(rng.random((90, 120)))[4:8]
    array([ 1,  0, -1, -1], dtype=int8)
    >>> generate_signature(np.zeros((90, 120), dtype=np.uint8)).any()
    np.False_
    """
    if decode is not None:
        config = replace(config, decode=decode)
    levels = read_levels(image, max_pixels, config.decode, config.pixel_rule)
    means = _means(levels, config)
    if (confirmed := levels.confirmed()) is not levels:
        means = _means(confirmed, config)
    differences = neighbor_differences(means, config.grid)
    return bin_differences(differences, config.identical_tolerance, config.n_levels).ravel()


def _means(levels: Levels, config: SignatureConfig) -> NDArray[np.float64]:
    """Mean levels around the grid points."""
    window = sampled_window(levels, config.crop_percentiles, config.fix_ratio)
    rows, columns = grid_points(window, config.n)
    return mean_levels(levels, rows, columns, config.P)


#: Limits of rows and of columns, lower bound included, upper excluded.
Window = tuple[tuple[int, int], tuple[int, int]]


def sampled_window(
    levels: Levels, percentiles: tuple[float, float] | None, fix_ratio: bool = False
) -> Window:
    """Part of a picture that the grid covers.

    In pixels, ``((top, bottom), (left, right))``, between the percentiles of accumulated change,
    see `imgsig.crop`; without percentiles the whole picture. `fix_ratio` takes the longer range for
    both directions.
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

    ``intp[n]`` each, in pixels.

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

    In pixels, ``intp`` each; squares end where the picture does, at `size`.

    >>> square_edges(np.array([0, 4, 8]), 3.0, 9)
    (array([0, 2, 6]), array([3, 5, 9]))
    """
    first = np.maximum(points - side / 2, 0).astype(np.intp)
    return first, np.minimum(first + side, size).astype(np.intp)


def square_side(shape: tuple[int, int], P: int | None = None) -> float:
    """Side in pixels of the square that is averaged around a grid point.

    `P` itself, or the paper's, which grows with the picture.

    >>> square_side((480, 640)), square_side((480, 640), P=7)
    (24.0, 7.0)
    """
    return float(P) if P is not None else max(2.0, float(int(0.5 + min(shape) / 20.0)))


def mean_levels(
    grey: Levels, rows: NDArray[np.intp], columns: NDArray[np.intp], P: int | None = None
) -> NDArray[np.float64]:
    """Mean grey level of the P×P square around each grid point.

    Points are in pixels. Gives ``float64[len(rows), len(columns)]`` in the units of `grey`.
    `ShapeError` if a point lies outside the picture, as it can with ``fix_ratio`` on one that is
    not square.
    """
    height, width = grey.shape
    if rows.max() >= height or columns.max() >= width:
        raise ShapeError(
            f"the grid reaches row {rows.max()}, column {columns.max()} of a picture of "
            f"{height} rows × {width} columns; fix_ratio is for square pictures only: turn it off"
        )
    side = square_side(grey.shape, P)
    return grey.square_means(square_edges(rows, side, height), square_edges(columns, side, width))


def neighbor_differences(means: NDArray[np.float64], grid: Grid) -> NDArray[np.float64]:
    """Grey level of each grid point less that of each of its neighbours.

    ``float64[n, n]`` to ``float64[n, n, neighbours]``; 0 where the neighbour is off the grid.

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

    Of any shape, to int8. Those smaller than the tolerance become 0, and all do in a featureless
    picture, where no difference reaches it.

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
