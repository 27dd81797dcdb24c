"""Squares of a picture as lines, to be added up all at once.

numpy adds up a square of a larger array by copying it into a buffer and adding that up as one line,
as long as the buffer holds it. So the sum of a square is that of the line that its rows make, to
the last bit, and the sums of many lines are one call. `are_added_as_lines` asks numpy whether that
is so.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: First and last pixel, the last excluded, of squares along one direction: ``intp`` each.
Edges = tuple[NDArray[np.intp], NDArray[np.intp]]

#: Elements of numpy's buffer, unless somebody changes it.
_BUFFER = 8192


def intervals(edges: Edges) -> list[tuple[int, int]]:
    """First and last pixel of each square along one direction.

    >>> intervals((np.array([0, 4]), np.array([3, 7])))
    [(0, 3), (4, 7)]
    """
    first, last = edges
    return list(zip(first.tolist(), last.tolist(), strict=True))


def common_size(rows: Edges, columns: Edges) -> tuple[int, int] | None:
    """Height and width that all squares have and that lets them be added up as lines.

    None if they are of different sizes, as at the picture's edge, or larger than numpy's buffer.

    >>> edges = np.array([0, 4]), np.array([3, 7])
    >>> common_size(edges, edges)
    (3, 3)
    >>> common_size(edges, (np.array([0, 4]), np.array([3, 6]))) is None
    True
    """
    heights, widths = ({last - first for first, last in intervals(e)} for e in (rows, columns))
    if len(heights) > 1 or len(widths) > 1:
        return None
    height, width = heights.pop(), widths.pop()
    if height * width > min(_BUFFER, np.getbufsize()) or not are_added_as_lines():
        return None
    return height, width


def lines_of_squares(
    region: Callable[[int, int, int, int], NDArray[Any]],
    rows: Edges,
    columns: Edges,
    size: tuple[int, int],
    together: int = 1,
) -> Iterator[NDArray[Any]]:
    """Copy squares side by side into lines.

    `region` gives a rectangle ``(top, bottom, left, right)`` as ``(height, width, ...)``, and
    `size` is what `common_size` gives. Yields ``(squares, height · width, ...)`` in row order, so
    many rows of squares together.
    """
    height, width = size
    down, across = rows[0].tolist(), columns[0].tolist()
    start, stop = min(across), max(across) + width
    places = [slice(left - start, left - start + width) for left in across]
    for first in range(0, len(down), together):
        bands = [region(top, top + height, start, stop) for top in down[first : first + together]]
        inner = bands[0].shape[2:]
        squares = np.empty((len(bands) * len(places), height, width, *inner), bands[0].dtype)
        parts = (band[:, place] for band in bands for place in places)
        for square, part in zip(squares, parts, strict=True):
            square[...] = part
        yield squares.reshape(len(squares), height * width, *inner)


@cache
def are_added_as_lines() -> bool:
    """Whether numpy adds up a square as the line that its rows make. Asked once."""
    levels = np.random.default_rng(0).random((130, 137))
    for height, width in ((2, 2), (3, 1), (1, 9), (2, 130), (9, 8), (26, 26), (90, 91), (128, 64)):
        first, beside = levels[1 : 1 + height, 2 : 2 + width], levels[-height:, -width:]
        lines = np.stack([first.reshape(-1), beside.reshape(-1)])
        together = np.add.reduce(lines, axis=1, dtype=np.float64).tolist()
        if together != [
            float(np.add.reduce(square, None, np.float64)) for square in (first, beside)
        ]:
            return False
    return True
