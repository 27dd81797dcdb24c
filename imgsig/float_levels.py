"""Grey levels as floats, checked in the same pass that adds up their squares.

Floats may be NaN, infinite or of any size, so all of them have to be read, which takes longer than
all else. What is read in order is still in the processor's cache when the squares among it are
added up. Until all are read, the levels are taken to lie in −1..1.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.errors import CorruptImageError
from imgsig.levels import StoredLevels
from imgsig.most_change import NOT_FINITE, most_change_of, most_change_of_squares
from imgsig.squares import Edges, lines_of_squares


class FloatLevels(StoredLevels):
    """Levels that are there, not yet checked.

    Parameters
    ----------
    grey : ndarray
        ``float64[height, width]``, C order.
    """

    def __init__(self, grey: NDArray[np.float64]) -> None:
        super().__init__(grey, 2.0 * grey.size)
        self._rows_read, self._squares_read = 0, 0.0

    def confirmed(self) -> StoredLevels:
        """See `imgsig.levels.Levels.confirmed`.

        Raises
        ------
        CorruptImageError
            If a level is NaN or infinite.
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
