"""Pictures decoded at a fraction of their size: the fast decode.

A JPEG decoder can leave out the high frequencies of each 8×8 block and give a picture of 1/2, 1/4
or 1/8 of the size; at 1/8 every pixel is the mean of its block. A JPEG 2000 decoder can leave out
its last wavelet levels. What takes the time in a large picture, the inverse transforms and the
colours of every pixel, falls away. The other formats have nothing of the kind in Pillow: their
pictures, and arrays, are decoded exactly, and have their exact signature.

Crop, grid points and squares are those of the full size: the picture is as large as it is stored,
only its levels are known in coarser steps. Colours are converted to grey as in exact mode; a
decoder's own grey has other weights (0.299, 0.587, 0.114) and is hardly faster.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imgsig.crop import limits_of_total, line_changes
from imgsig.levels import Levels
from imgsig.squares import Edges

#: The shorter side keeps at least this many pixels, so that the paper's squares are at least 16
#: coarse pixels wide.
SHORTEST_SIDE = 320

#: How many pixels of each direction become one, by Pillow's name of the format, best first. Half
#: the size saves a JPEG decoder next to nothing.
FACTORS = {"JPEG": (8, 4), "MPO": (8, 4), "JPEG2000": (8, 4, 2)}


@dataclass(frozen=True)
class Reduction:
    """How pixels of a reduced picture lie in the full one."""

    factor: int  # 2, 4 or 8 pixels of each direction become one
    origin: float = 0.0  # where the first reduced pixel begins, in pixels of the full picture


def ask_for_less(picture: Image.Image) -> Reduction | None:
    """Make a picture that is open, but not decoded, decode at a fraction of its size.

    None if the format cannot, or the picture is too small: it will be decoded in full.
    """
    width, height = picture.size
    for factor in FACTORS.get(picture.format or "", ()):
        if min(width, height) < factor * SHORTEST_SIDE:
            continue
        if picture.format != "JPEG2000":
            done = picture.draft(None, (width // factor, height // factor))
            return None if done is None else Reduction(round(width / done[1][2]))
        # Pillow rounds the reduced size, the decoder rounds it up; where they differ, it fails.
        if all(2 * (-size % factor) <= factor for size in (width, height)):
            picture.reduce = factor.bit_length() - 1  # type: ignore[method-assign, assignment]
            # Wavelet coefficients lie on every factor-th pixel, not in the middle between them.
            return Reduction(factor, origin=(1 - factor) / 2)
    return None


class ReducedLevels(Levels):
    """Grey levels of a picture that was decoded at a fraction of its size.

    `grey` has those of the reduced picture, of any numeric type, at least 3×3; `shape` is height
    and width of the full one.

    >>> levels = ReducedLevels(np.full((4, 5), 7.0), (8, 10), Reduction(2))
    >>> edges = np.array([0, 3]), np.array([4, 7])
    >>> levels.square_means(edges, edges).round(9)
    array([[7., 7.],
           [7., 7.]])
    """

    def __init__(
        self, grey: NDArray[np.generic], shape: tuple[int, int], reduction: Reduction
    ) -> None:
        self.shape = shape
        self._grey = grey.astype(np.float64, copy=False)
        self._bounds = [
            np.clip(
                reduction.origin + reduction.factor * np.arange(reduced + 1.0),
                [0, *[0] * (reduced - 1), full],
                full,
            )
            for reduced, full in zip(grey.shape, shape, strict=True)
        ]

    def limits(self, axis: int, percentiles: tuple[float, float]) -> tuple[int, int]:
        """See `imgsig.levels.Levels.limits`."""
        total = np.cumsum(np.insert(line_changes(self._grey, axis), 0, 0.0))
        lines = np.arange(1.0, self.shape[axis] + 1)
        return limits_of_total(np.interp(lines, self._bounds[axis], total), percentiles)

    def square_means(self, rows: Edges, columns: Edges) -> NDArray[np.float64]:
        """See `imgsig.levels.Levels.square_means`."""
        down, across = (
            _shares(edges, bounds)
            for edges, bounds in zip((rows, columns), self._bounds, strict=True)
        )
        means: NDArray[np.float64] = down @ self._grey @ across.T
        return means


def _shares(edges: Edges, bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight of each reduced line in each square's mean, ``float64[squares, lines]``.

    The mean is the difference of the running integral at the square's edges. Between the bounds of
    lines that integral is interpolated by the cubic through four of them.
    """
    first, last = edges
    inside = _interpolation(last, bounds) - _interpolation(first, bounds)
    # A line is in the integrals at all bounds after it.
    after = np.cumsum(inside[:, :0:-1], axis=1)[:, ::-1]
    shares: NDArray[np.float64] = after * np.diff(bounds) / (last - first)[:, np.newaxis]
    return shares


def _interpolation(points: NDArray[np.intp], bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lagrange's weights of bounds at points, ``float64[points, bounds]``."""
    start = np.clip(np.searchsorted(bounds, points, side="right") - 2, 0, len(bounds) - 4)
    nodes = start[:, np.newaxis] + np.arange(4)
    at = bounds[nodes]
    weights = np.zeros((len(points), len(bounds)))
    for node in range(4):
        others = [other for other in range(4) if other != node]
        ratios = (points[:, np.newaxis] - at[:, others]) / (at[:, [node]] - at[:, others])
        weights[np.arange(len(points)), nodes[:, node]] = ratios.prod(axis=1)
    return weights
