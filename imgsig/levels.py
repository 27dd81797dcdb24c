"""Grey levels of a picture, worked out only where a signature looks.

A signature looks at a few lines of a picture (`imgsig.crop`) and at the squares around its grid
points (`imgsig.sampling`), in all about a fifth of the pixels. The reference converts every pixel.
Both see the same numbers, to the last bit, because each pixel's grey level depends on that pixel
alone; `imgsig.grey` says when that holds.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imgsig.crop import limits_of_lines
from imgsig.grey import to_grey

#: First and last pixel, the last excluded, of squares along one direction: ``intp`` each.
Edges = tuple[NDArray[np.intp], NDArray[np.intp]]


#: Squares are converted together up to this many pixels: enough to forget what a call costs, few
#: enough for the processor's cache.
_TOGETHER = 1 << 14


class Levels(Protocol):
    """What a signature asks of a picture, in pixels of the picture as it is stored.

    Attributes
    ----------
    shape : tuple of int
        Height and width.
    """

    shape: tuple[int, int]

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

    def whole(self) -> NDArray[Any]:
        """Levels of all pixels, ``(height, width)``."""
        return self.region(0, self.shape[0], 0, self.shape[1])

    def limits(self, axis: int, percentiles: tuple[float, float]) -> tuple[int, int]:
        """See `Levels.limits`."""
        return limits_of_lines(self, axis, percentiles)

    def square_means(self, rows: Edges, columns: Edges) -> NDArray[np.float64]:
        """See `Levels.square_means`."""
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
        See `most_change_of`.
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
        for top, bottom in zip(*rows, strict=True):
            for left, right in zip(*columns, strict=True):
                yield self._grey[top:bottom, left:right]


class ColorLevels(ExactLevels):
    """Levels of a colour picture: float64, converted by and by.

    Parameters
    ----------
    pixels : callable
        Gives the pixels of a rectangle ``(top, bottom, left, right)`` as an array
        ``(height, width, 3 or 4)``, each row contiguous, of a type that scikit-image converts to
        float64.
    shape : tuple of int
        Height and width of the picture; at least two columns.
    """

    dtype = np.dtype(np.float64)

    def __init__(
        self, pixels: Callable[[int, int, int, int], NDArray[Any]], shape: tuple[int, int]
    ) -> None:
        self._pixels = pixels
        self.shape = shape
        # scikit-image scales unsigned colours to 0..1 and signed ones to −1..1.
        self.most_change = 2.0 * shape[0] * shape[1]

    @classmethod
    def of_array(cls, pixels: NDArray[Any]) -> "ColorLevels":
        """Levels of an array ``(height, width, 3 or 4)``."""

        def rectangle(top: int, bottom: int, left: int, right: int) -> NDArray[Any]:
            return pixels[top:bottom, left:right]

        return cls(rectangle, (pixels.shape[0], pixels.shape[1]))

    @classmethod
    def of_picture(cls, picture: Image.Image) -> "ColorLevels":
        """Levels of a decoded RGB picture, whose pixels are never copied all at once."""

        def rectangle(top: int, bottom: int, left: int, right: int) -> NDArray[Any]:
            return np.asarray(picture.crop((left, top, right, bottom)))

        return cls(rectangle, (picture.height, picture.width))

    def whole(self) -> NDArray[np.float64]:
        """See `ExactLevels.whole`."""
        height, width = self.shape
        grey = np.empty(self.shape)
        rows = max(1, _TOGETHER // width)
        for top in range(0, height, rows):
            grey[top : top + rows] = self.region(top, min(top + rows, height), 0, width)
        return grey

    def region(self, top: int, bottom: int, left: int, right: int) -> NDArray[np.float64]:
        """See `ExactLevels.region`."""
        pixels = self._pixels(top, bottom, left, right)
        if right - left > 1:
            return to_grey(pixels)
        return to_grey(np.repeat(pixels, 2, axis=1))[:, :1]  # see `imgsig.grey`

    def constant_lines(
        self, top: int, bottom: int, left: int, right: int, axis: int
    ) -> NDArray[np.bool_]:
        """See `ExactLevels.constant_lines`: equal colours have equal levels."""
        pixels = self._pixels(top, bottom, left, right)
        height, width, channels = pixels.shape
        flat = pixels.reshape(height, width * channels)
        same: NDArray[np.bool_]
        if axis == 0:
            same = (flat[:, channels:] == flat[:, :-channels]).all(axis=1)
        else:
            same = (flat == flat[0]).all(axis=0).reshape(width, channels).all(axis=1)
        return same

    def _squares(self, rows: Edges, columns: Edges) -> Iterator[NDArray[np.float64]]:
        downs, acrosses = _intervals(rows), _intervals(columns)
        largest = max(b - a for a, b in downs) * max(b - a for a, b in acrosses)
        together = max(1, _TOGETHER // largest)
        runs = [acrosses[i : i + together] for i in range(0, len(acrosses), together)]
        strips: list[NDArray[Any]] = []
        for top, bottom in downs:
            for run in runs:
                strips.append(self._strip(top, bottom, run))
                if len(runs) > 1 or len(strips) * len(run) >= together:
                    yield from self._cut(strips, run)
                    strips.clear()
        if strips:
            yield from self._cut(strips, acrosses)

    def _strip(self, top: int, bottom: int, sides: list[tuple[int, int]]) -> NDArray[Any]:
        """Pixels of squares side by side, without what lies between them.

        One column more, so that no square is contiguous in memory, nor one column alone.
        """
        start, stop = sides[0][0], max(right for _, right in sides)
        pixels = self._pixels(top, bottom, start, stop)
        parts = [pixels[:, left - start : right - start] for left, right in sides]
        return np.concatenate([*parts, pixels[:, :1]], axis=1)

    def _cut(
        self, strips: list[NDArray[Any]], sides: list[tuple[int, int]]
    ) -> Iterator[NDArray[np.float64]]:
        """Convert strips that are equally divided, and cut them into their squares."""
        grey = to_grey(np.concatenate(strips))
        bottom = 0
        for strip in strips:
            top, bottom, end = bottom, bottom + len(strip), 0
            for left, right in sides:
                begin, end = end, end + right - left
                square = grey[top:bottom, begin:end]
                # A square as wide as the picture is contiguous there, and added up as one line.
                yield np.ascontiguousarray(square) if end - begin == self.shape[1] else square


def _intervals(edges: Edges) -> list[tuple[int, int]]:
    first, last = edges
    return list(zip(first.tolist(), last.tolist(), strict=True))
