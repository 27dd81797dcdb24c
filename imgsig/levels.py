"""Grey levels of a picture, worked out only where a signature looks.

A signature looks at a few lines of a picture (`imgsig.crop`) and at the squares around its grid
points (`imgsig.sampling`), in all about a fifth of the pixels. The reference converts every pixel.
Both see the same numbers, to the last bit, because each pixel's grey level depends on that pixel
alone; `imgsig.grey` says when that holds.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from imgsig.crop import limits_of_lines
from imgsig.squares import Edges, common_size, intervals, lines_of_squares


class Levels(Protocol):
    """What a signature asks of a picture, in pixels of the picture as it is stored.

    Attributes
    ----------
    shape : tuple of int
        Height and width.
    """

    shape: tuple[int, int]

    def confirmed(self) -> "Levels":
        """These levels; or, if what was assumed about them was wrong, the same without it.

        To be called after they were used, and to be used again if it gives others.
        """
        ...

    def limits(self, axis: int, percentiles: tuple[float, float]) -> tuple[int, int]:
        """Limits of rows (axis 0) or columns (axis 1), see `imgsig.crop`."""
        ...

    def square_means(self, rows: Edges, columns: Edges) -> NDArray[np.float64]:
        """Mean level of each rectangle, ``float64[len(rows[0]), len(columns[0])]``."""
        ...


class ExactLevels(ABC):
    """Levels of every pixel, with the bits that the reference computes."""

    shape: tuple[int, int]
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

    Parameters
    ----------
    grey : ndarray
        ``(height, width)``, any numeric type.
    most_change : float
        See `imgsig.most_change`.
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
