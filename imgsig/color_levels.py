"""Grey levels of a colour picture, converted where a signature looks."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imgsig.grey import rgbx_to_grey, to_grey
from imgsig.levels import ExactLevels
from imgsig.pixels import lent_pixels
from imgsig.squares import Edges, intervals, lines_of_squares

#: Squares are converted together up to this many pixels: enough to forget what a call costs, few
#: enough for the processor's cache.
_TOGETHER = 1 << 15


class ColorLevels(ExactLevels):
    """Levels of a colour picture: float64, converted by and by.

    Parameters
    ----------
    pixels : callable
        Gives the pixels of a rectangle ``(top, bottom, left, right)`` as an array
        ``(height, width, 3 or 4)`` of a type that scikit-image converts to float64.
    shape : tuple of int
        Height and width of the picture; at least two columns.
    grey : callable
        Converts such pixels.
    """

    dtype = np.dtype(np.float64)

    def __init__(
        self,
        pixels: Callable[[int, int, int, int], NDArray[Any]],
        shape: tuple[int, int],
        grey: Callable[[NDArray[Any]], NDArray[np.float64]] = to_grey,
    ) -> None:
        self._pixels = pixels
        self._to_grey = grey
        self.shape = shape
        # scikit-image scales unsigned colours to 0..1 and signed ones to −1..1.
        self.most_change = 2.0 * shape[0] * shape[1]

    @classmethod
    def of_array(cls, pixels: NDArray[Any]) -> "ColorLevels":
        """Levels of an array ``(height, width, 3 or 4)``."""
        return cls(_rectangles_of(pixels), (pixels.shape[0], pixels.shape[1]))

    @classmethod
    def of_picture(cls, picture: Image.Image) -> "ColorLevels":
        """Levels of a decoded RGB picture, whose pixels are never copied all at once."""
        shape = picture.height, picture.width
        lent = lent_pixels(picture)
        if lent is not None:
            return cls(_rectangles_of(lent), shape, rgbx_to_grey)

        def rectangle(top: int, bottom: int, left: int, right: int) -> NDArray[Any]:
            return np.asarray(picture.crop((left, top, right, bottom)))

        return cls(rectangle, shape)

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
            return self._to_grey(pixels)
        return self._to_grey(np.repeat(pixels, 2, axis=1))[:, :1]  # see `imgsig.grey`

    def constant_lines(
        self, top: int, bottom: int, left: int, right: int, axis: int
    ) -> NDArray[np.bool_]:
        """See `ExactLevels.constant_lines`: equal colours have equal levels."""
        pixels = self._pixels(top, bottom, left, right)
        if pixels.dtype == np.uint8 and pixels.shape[2] == 4:
            colors = pixels.view(np.uint32)[:, :, 0]  # one number a pixel
            same = colors == (colors[:, :1] if axis == 0 else colors[:1])
        else:
            same = (pixels == (pixels[:, :1] if axis == 0 else pixels[:1])).all(axis=2)
        constant: NDArray[np.bool_] = same.all(axis=1 - axis)
        return constant

    def _lines_of_squares(
        self, rows: Edges, columns: Edges, size: tuple[int, int]
    ) -> Iterator[NDArray[np.float64]]:
        together = max(1, _TOGETHER // (len(columns[0]) * size[0] * size[1]))
        for pixels in lines_of_squares(self._pixels, rows, columns, size, together):
            grey = self._to_grey(pixels.reshape(1, -1, pixels.shape[2]))
            yield grey.reshape(pixels.shape[:2])

    def _squares(self, rows: Edges, columns: Edges) -> Iterator[NDArray[np.float64]]:
        downs, acrosses = intervals(rows), intervals(columns)
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
        grey = self._to_grey(np.concatenate(strips))
        bottom = 0
        for strip in strips:
            top, bottom, end = bottom, bottom + len(strip), 0
            for left, right in sides:
                begin, end = end, end + right - left
                square = grey[top:bottom, begin:end]
                # A square as wide as the picture is contiguous there, and added up as one line.
                yield np.ascontiguousarray(square) if end - begin == self.shape[1] else square


def _rectangles_of(pixels: NDArray[Any]) -> Callable[[int, int, int, int], NDArray[Any]]:
    def rectangle(top: int, bottom: int, left: int, right: int) -> NDArray[Any]:
        return pixels[top:bottom, left:right]

    return rectangle
