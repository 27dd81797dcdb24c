"""Grey levels of a picture, worked out only where a signature looks.

A signature looks at a few lines of a picture (`imgsig.crop`) and at the squares around its grid
points (`imgsig.signature`), in all about a fifth of the pixels. The reference converts every pixel.
Both see the same numbers, to the last bit, because each pixel's grey level depends on that pixel
alone; `imgsig.color_levels` says when that holds.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.crop import limits_of_lines
from imgsig.errors import CorruptImageError
from imgsig.squares import Edges, common_size, intervals, lines_of_squares


class Levels(ABC):
    """What a signature asks of a picture, in pixels of the picture as it is stored."""

    #: Height and width.
    shape: tuple[int, int]

    def confirmed(self) -> "Levels":
        """These levels; or, if what was assumed about them was wrong, the same without it.

        To be called after they were used, and to be used again if it gives others.
        """
        return self

    @abstractmethod
    def limits(self, axis: int, percentiles: tuple[float, float]) -> tuple[int, int]:
        """Limits of rows (axis 0) or columns (axis 1), see `imgsig.crop`."""

    @abstractmethod
    def square_means(self, rows: Edges, columns: Edges) -> NDArray[np.float64]:
        """Mean level of each rectangle, ``float64[len(rows[0]), len(columns[0])]``."""


class ExactLevels(Levels):
    """Levels of every pixel, with the bits that the reference computes."""

    #: Type of the levels.
    dtype: np.dtype[Any]

    #: The changes of all rows or of all columns add up to no more than this.
    most_change: float

    @abstractmethod
    def region(self, top: int, bottom: int, left: int, right: int) -> NDArray[Any]:
        """Levels of a rectangle, ``(bottom - top, right - left)``; ends are excluded."""

    def constant_lines(
        self, top: int, bottom: int, left: int, right: int, axis: int
    ) -> NDArray[np.bool_] | None:
        """Which rows (axis 0) or columns (axis 1) of a rectangle are certainly of one level.

        None where telling takes as long as the levels themselves.
        """
        del top, bottom, left, right, axis
        return None

    @abstractmethod
    def _squares(self, rows: Edges, columns: Edges) -> Iterator[NDArray[Any]]:
        """Levels of each rectangle, row by row, laid out in memory as in the whole picture.

        The layout decides the order in which numpy adds the levels up, and so the last bit.
        """

    @abstractmethod
    def _lines_of_squares(
        self, rows: Edges, columns: Edges, size: tuple[int, int]
    ) -> Iterator[NDArray[Any]] | None:
        """Levels of squares of one size, a line each, see `imgsig.squares`; None if not so here."""

    def whole(self) -> NDArray[Any]:
        """Levels of all pixels, ``(height, width)``."""
        return self.region(0, self.shape[0], 0, self.shape[1])

    def confirmed(self) -> "ExactLevels":
        """See `Levels.confirmed`."""
        return self

    def limits(self, axis: int, percentiles: tuple[float, float]) -> tuple[int, int]:
        """See `Levels.limits`."""
        return limits_of_lines(self, axis, percentiles)

    def square_means(self, rows: Edges, columns: Edges) -> NDArray[np.float64]:
        """See `Levels.square_means`."""
        size = common_size(rows, columns)
        if size is not None and (lines := self._lines_of_squares(rows, columns, size)) is not None:
            sums = [np.add.reduce(block, axis=1, dtype=np.float64) for block in lines]
            return np.concatenate(sums).reshape(len(rows[0]), -1) / (size[0] * size[1])
        # The mean of each square by itself: sums in another order would differ in the last bit.
        squares = self._squares(rows, columns)
        if self.dtype == np.float64 or self.dtype.kind in "biu":
            # What mean() does with these types, without what it takes to begin.
            add = np.add.reduce
            means = [float(add(square, None, np.float64)) / square.size for square in squares]
        else:
            means = [float(square.mean()) for square in squares]
        return np.array(means).reshape(len(rows[0]), len(columns[0]))


class StoredLevels(ExactLevels):
    """Levels that are there: a grey picture, or one that had to be converted as a whole.

    ``(height, width)``, of any numeric type.
    """

    def __init__(self, grey: NDArray[Any], most_change: float) -> None:
        self._grey = grey
        self.most_change = most_change
        self.shape = (grey.shape[0], grey.shape[1])
        self.dtype = grey.dtype

    def region(self, top: int, bottom: int, left: int, right: int) -> NDArray[Any]:
        """See `ExactLevels.region`."""
        return self._grey[top:bottom, left:right]

    def _squares(self, rows: Edges, columns: Edges) -> Iterator[NDArray[Any]]:
        for top, bottom in intervals(rows):
            for left, right in intervals(columns):
                yield self._grey[top:bottom, left:right]

    def _lines_of_squares(
        self, rows: Edges, columns: Edges, size: tuple[int, int]
    ) -> Iterator[NDArray[Any]] | None:
        # In another layout numpy adds up in another order; large integers are not floats exactly.
        in_lines = self._grey.flags.c_contiguous and (
            self.dtype == np.float64 or (self.dtype.kind in "biu" and self.dtype.itemsize <= 4)
        )
        return lines_of_squares(self.region, rows, columns, size) if in_lines else None


class FloatLevels(StoredLevels):
    """Levels that are there, not yet checked.

    Floats may be NaN, infinite or of any size, so all of them have to be read, which takes longer
    than all else. What is read in order is still in the processor's cache when the squares among it
    are added up, so both are done in one pass. Until all are read, the levels are taken to lie in
    −1..1. They are ``float64[height, width]``, in C order.
    """

    def __init__(self, grey: NDArray[np.float64]) -> None:
        super().__init__(grey, 2.0 * grey.size)
        self._rows_read, self._squares_read = 0, 0.0

    def confirmed(self) -> StoredLevels:
        """See `imgsig.levels.Levels.confirmed`.

        `CorruptImageError` if a level is NaN or infinite.
        """
        self._read_to(self.shape[0])
        most_change = most_change_of_squares(self._squares_read, self._grey.size)
        if most_change is None:  # too large or too small to be squared, or NaN
            most_change = most_change_of(self._grey)
        if np.isnan(most_change):
            raise CorruptImageError(NOT_FINITE)
        return self if most_change <= self.most_change else StoredLevels(self._grey, most_change)

    def whole(self) -> NDArray[Any]:
        """See `ExactLevels.whole`; checked."""
        self.confirmed()
        return super().whole()

    def limits(self, axis: int, percentiles: tuple[float, float]) -> tuple[int, int]:
        """See `Levels.limits`."""
        with np.errstate(invalid="ignore", over="ignore"):  # of levels that are refused later
            return super().limits(axis, percentiles)

    def square_means(self, rows: Edges, columns: Edges) -> NDArray[np.float64]:
        """See `Levels.square_means`."""
        with np.errstate(invalid="ignore", over="ignore"):
            return super().square_means(rows, columns)

    def _read_to(self, row: int) -> None:
        """Add up the squares of all levels above a row, in the order in which they are stored."""
        if row > self._rows_read:
            levels = self._grey[self._rows_read : row].reshape(-1)
            self._squares_read += float(np.vdot(levels, levels))
            self._rows_read = row

    def _lines_of_squares(
        self, rows: Edges, columns: Edges, size: tuple[int, int]
    ) -> Iterator[NDArray[Any]]:
        def region(top: int, bottom: int, left: int, right: int) -> NDArray[Any]:
            self._read_to(bottom)
            return self.region(top, bottom, left, right)

        return lines_of_squares(region, rows, columns, size)


#: Why levels that are NaN or infinite are refused.
NOT_FINITE = "pixels hold NaN or infinity; replace them before signing"

#: Smaller sums of squares may have lost squares that are too small for a float.
_TINY = 2.0**-900


def most_change_of(pixels: NDArray[Any]) -> float:
    """What the absolute differences along all rows or along all columns cannot exceed.

    Of numbers of any type, at least one. NaN if one is NaN or infinite; infinite if it cannot be
    told for integers that are subtracted with a sign.

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

    None if a level may be NaN or infinite, or squares may have been too small for a float.

    >>> most_change_of_squares(4.0, 9), most_change_of_squares(float("nan"), 9)
    (12.0, None)
    """
    # Σ|x| <= √(n·Σx²), and each level is in two differences.
    return 2 * math.sqrt(size * squares) if _TINY < squares < float("inf") else None
