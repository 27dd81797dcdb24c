"""Which part of a picture is sampled: step 2 of the paper, first half.

Change of a line (a row or a column) is the sum s of absolute differences between neighbouring
pixels along it, and c its running total. The limits are where c passes two percentiles *of the
values of c*. As c never falls, its percentiles are its own values around fixed positions, so a
limit only depends on n, the number of lines, and on which lines near those positions have no change
at all. With v = (n − 1)·percentile/100, j = ⌊v⌋, t = v − j and p the interpolated percentile:

- If c[j+1] > c[j] and 0 < t < 1, p lies between the two, so both searches find j + 1.
- If t = 0 or c[j+1] = c[j], p is c[j] to the last bit: numpy computes a + (b − a)·t or
  b − (b − a)·(1 − t). The search from the right finds the first k > j with c[k] > c[j], the one
  from the left the first k with c[k] = c[j].

So `limits_of_lines` looks at a handful of lines where the reference adds up the whole picture.
What floats can do to this: c[k] = fl(c[k−1] + s[k]), in order. s[k] = 0 leaves c as it is. Let B
bound c. If s[k] > B·2⁻⁵², the spacing of floats up to B, then c[k] > c[k−1]. The operations that
give p err by less than 8·B·2⁻⁵², so p < c[j+1] if s[j+1]·(1 − t), and p > c[j] if s[j+1]·t, exceeds
that. `_MARGIN` asks for hundreds of times as much, which also covers the rounding of s, added in
whichever order, and of B. Where it is not met (lines that differ by rounding only), the whole is
added up in the reference's order.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from imgsig.levels import ExactLevels

#: Smaller changes, relative to the largest possible total, are not decided from a few lines.
_MARGIN = 2.0**-40

#: Totals between which floats neither underflow nor overflow, and integers are floats exactly.
_SMALLEST, _LARGEST = 2.0**-900, 2.0**53

#: Lines are looked at in blocks of at most this many pixels.
_BLOCK_PIXELS = 1 << 18

#: Types whose differences cannot be negative after `abs` and whose totals are float64 or exact:
#: differences of signed integers overflow, sums of float32 are float32.
_DECIDABLE = (np.bool_, np.uint8, np.uint16, np.float64)


class _UndecidedError(Exception):
    """A few lines do not tell; the whole picture must be added up."""


def limits_of_lines(
    grey: "ExactLevels", axis: int, percentiles: tuple[float, float]
) -> tuple[int, int]:
    """Limits between which the picture's accumulated change lies, without featureless borders.

    Of rows (axis 0) or columns (axis 1), by the lower and the upper percentile of accumulated
    absolute change. In pixels; the lower limit is included, the upper excluded. Unsigned integers
    wrap around when they are subtracted, as they do in the reference.

    >>> from imgsig.levels import StoredLevels
    >>> framed = np.zeros((100, 80))
    >>> framed[20:80, 30:50] = np.random.default_rng(0).random((60, 20))
    >>> levels = StoredLevels(framed, most_change=2.0 * framed.size)
    >>> limits_of_lines(levels, 0, (5, 95))
    (20, 79)
    >>> limits_of_lines(levels, 1, (5, 95))
    (30, 49)
    """
    if grey.dtype in _DECIDABLE:
        try:
            lines = _Lines(grey, axis)
            first, last = lines.first_above(percentiles[0]), lines.first_reaching(percentiles[1])
            return _or_middle(first, last, lines.count, percentiles)
        except _UndecidedError:
            pass
    return limits_of_total(np.cumsum(line_changes(grey.whole(), axis)), percentiles)


def limits_of_total(total: NDArray[Any], percentiles: tuple[float, float]) -> tuple[int, int]:
    """Limits from the accumulated change of every line, as the reference has it.

    The change is that of each line and all before it. Limits are numbers of lines; the lower is
    included, the upper excluded.
    """
    lower, upper = percentiles
    first = int(np.searchsorted(total, np.percentile(total, lower), side="right"))
    last = int(np.searchsorted(total, np.percentile(total, upper), side="left"))
    return _or_middle(first, last, len(total), percentiles)


def line_changes(levels: NDArray[Any], axis: int) -> NDArray[Any]:
    """Sum of absolute differences along each row (axis 0) or column (axis 1).

    Levels are ``(height, width)``. Unsigned integers wrap around when they are subtracted, booleans
    differ or not, as in the reference: see `imgsig.image`.

    >>> line_changes(np.array([[1, 5, 2], [1, 1, 1]]), 0)
    array([7, 0])
    """
    if axis == 0:
        before, after = levels[:, :-1], levels[:, 1:]
    else:
        before, after = levels[:-1], levels[1:]
    steps = after != before if levels.dtype.kind == "b" else after - before
    change: NDArray[Any] = np.add.reduce(np.abs(steps, out=steps), axis=1 - axis)
    return change


def _or_middle(
    first: int, last: int, count: int, percentiles: tuple[float, float]
) -> tuple[int, int]:
    if first > last:  # nearly featureless: take the middle of the picture
        return int(percentiles[0] / 100.0 * count), int(percentiles[1] / 100.0 * count)
    return first, last


class _Lines:
    """The rows (axis 0) or columns (axis 1) of a picture, looked at when needed."""

    def __init__(self, grey: "ExactLevels", axis: int) -> None:
        self._grey, self._axis = grey, axis
        self.count, self._length = grey.shape[axis], grey.shape[1 - axis]
        bound = grey.most_change
        if bound and not _SMALLEST < bound < _LARGEST:
            raise _UndecidedError
        self._least = bound * _MARGIN

    def first_above(self, percentile: float) -> int:
        """Number of the first line where the total exceeds its own percentile."""
        place, between = self._percentile(percentile)
        if between:
            return place + 1
        return next(self._changing(range(place + 1, self.count)), self.count)

    def first_reaching(self, percentile: float) -> int:
        """Number of the first line where the total reaches its own percentile."""
        place, between = self._percentile(percentile)
        if between:
            return place + 1
        return next(self._changing(range(place, 0, -1)), 0)

    def _percentile(self, percentile: float) -> tuple[int, bool]:
        """Line j, and whether the percentile lies above its total and below the next line's."""
        virtual = (self.count - 1) * (percentile / 100)
        place = min(int(virtual), self.count - 1)
        share = virtual - place
        if share == 0:
            return place, False
        return place, self._changes(place + 1, self._least / min(share, 1 - share))

    def _changing(self, numbers: range) -> Iterator[int]:
        """Those of some lines, in their order, that have any change."""
        if numbers and self._changes(numbers[0], self._least):
            yield numbers[0]
        numbers, size = numbers[1:], 32
        while numbers:
            block, numbers = numbers[:size], numbers[size:]
            first, last = min(block), max(block) + 1
            box = self._box(first, last, 0, self._length)
            constant = self._grey.constant_lines(*box, self._axis)
            if constant is None:
                changes = line_changes(self._grey.region(*box), self._axis)
                found = [n for n in block if self._exceeds(changes[n - first], self._least)]
                yield from found
            else:
                others = (number for number in block if not constant[number - first])
                yield from (number for number in others if self._changes(number, self._least))
            size = max(1, min(2 * size, _BLOCK_PIXELS // self._length))

    def _changes(self, number: int, least: float) -> bool:
        """Whether a line has any change, which must exceed `least` if it has."""
        # Most often a few pixels in the middle are enough: change only grows along a line.
        middle = self._length // 2
        for start, stop in ((max(0, middle - 64), middle + 64), (0, self._length)):
            box = self._box(number, number + 1, start, stop)
            (change,) = line_changes(self._grey.region(*box), self._axis)
            if change > least:
                return True
        return self._exceeds(change, least)

    @staticmethod
    def _exceeds(change: float, least: float) -> bool:
        if 0 < change <= least:
            raise _UndecidedError
        return change > 0

    def _box(self, first: int, last: int, start: int, stop: int) -> tuple[int, int, int, int]:
        """Top, bottom, left and right of some lines, from a pixel in them to another."""
        stop = min(stop, self._length)
        if self._axis == 0:
            return first, last, start, stop
        return start, stop, first, last
