"""Grey levels of colour pictures, with the bits that the reference computes.

Only what a signature looks at is converted.

Grey levels are matrix-vector products of rows of pixels. Nothing promises that a BLAS rounds the
last elements of a product as it rounds the first, so a part of a picture could have other bits than
the same part of the whole. The kernels of OpenBLAS round all alike, as long as a row has two pixels
or more: one alone is a dot product. `blas_is_uniform` asks the library at hand.

The steps are those of `rgb2gray` and `rgba2rgb` of scikit-image 0.26, which the reference calls, in
their order and types: what a BLAS computes depends on how its operands lie in memory, too.
"""

import ctypes
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imgsig.levels import ExactLevels
from imgsig.squares import Edges, intervals, lines_of_squares

#: Weights of red, green and blue in scikit-image's rgb2gray.
_WEIGHTS = np.array([0.2125, 0.7154, 0.0721])


def to_grey(pixels: NDArray[Any], background: float = 1.0) -> NDArray[Any]:
    """Grey levels of colours, as the reference computes them.

    ``(height, width, 3)`` RGB, or ``(height, width, 4)`` RGBA, which is blended over a background
    in 0..1: white, as in the reference, unless told otherwise. Gives ``(height, width)``: float32
    of float16 and float32 colours, else float64.
    """
    colors = _as_floats(pixels)
    if pixels.shape[2] == 4:
        alpha = colors[:, :, 3:]
        behind = np.full((1, 1, 3), background, colors.dtype)
        colors = np.clip((1 - alpha) * behind + alpha * colors[:, :, :3], 0, 1)
    grey: NDArray[Any] = colors @ _WEIGHTS.astype(colors.dtype, copy=False)
    return grey


def _as_floats(pixels: NDArray[Any]) -> NDArray[Any]:
    """Colours as floats: integers of their type's range become 0..1, or −1..1 where signed."""
    kind, of_type = pixels.dtype.kind, pixels.dtype.type
    if of_type in (np.float32, np.float64):
        return pixels
    if kind in "bf":
        return pixels.astype(np.float32 if of_type is np.float16 else np.float64)
    scaled: NDArray[Any] = np.multiply(pixels, _scale(pixels.dtype), dtype=np.float64)
    if kind == "i":  # whose least value has no positive counterpart
        np.maximum(scaled, -1.0, out=scaled)
    return scaled


@cache
def _scale(integer: np.dtype[Any]) -> float:
    """From an integer's largest value to 1, as scikit-image has it."""
    return 1.0 / np.iinfo(integer).max


def rgbx_to_grey(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Grey levels of colours that have a fourth byte without meaning.

    ``uint8[height, width, 4]``, at least two of them, to ``float64[height, width]``: the same as
    `to_grey` of the three others where `blas_is_uniform`.
    """
    scaled = pixels.astype(np.float64, order="C")
    scaled *= _scale(pixels.dtype)
    grey: NDArray[np.float64] = scaled.reshape(-1, 4)[:, :3] @ _WEIGHTS
    return grey.reshape(pixels.shape[:2])


@cache
def blas_is_uniform() -> bool:
    """Whether a pixel's grey level has the same bits wherever in a row the pixel stands.

    Where not, pictures are converted as a whole. Asked once, in a millisecond.
    """
    rng = np.random.default_rng(0)
    row = rng.random((1, 77, 3))
    whole = to_grey(row)
    pieces = all(
        np.array_equal(to_grey(row[:, left : left + width]), whole[:, left : left + width])
        for width in (2, 3, 4, 5, 6, 7, 8, 9, 13, 31)
        for left in (0, 1, 2, 3, 77 - width)
    )
    square = rng.integers(0, 256, (67, 97, 4), dtype=np.uint8)
    return pieces and np.array_equal(rgbx_to_grey(square), to_grey(square[:, :, :3]))


class _ArrowArray(ctypes.Structure):
    """``struct ArrowArray``, https://arrow.apache.org/docs/format/CDataInterface.html."""


_ArrowArray._fields_ = [
    *((n, ctypes.c_int64) for n in ("length", "null_count", "offset", "n_buffers", "n_children")),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_ArrowArray))),
    *((n, ctypes.c_void_p) for n in ("dictionary", "release", "private_data")),
]

_pointer_in = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)


def lent_pixels(picture: Image.Image) -> NDArray[np.uint8] | None:
    """Pixels of an RGB picture, as they lie in Pillow's memory.

    Pillow lends the memory of a picture through the Arrow C data interface. A copy as an array
    takes a tenth of the time of decoding, and a signature looks at a fifth of the pixels.

    ``uint8[height, width, 4]``, read-only: red, green, blue and a byte that means nothing. None
    where the rows do not lie one after the other, as those of more than 16 MB do not.

    >>> lent_pixels(Image.new("RGB", (2, 1), (1, 2, 3)))[:, :, :3].tolist()
    [[[1, 2, 3], [1, 2, 3]]]
    """
    try:
        _, capsule = picture.__arrow_c_array__()
    except ValueError:
        return None
    height, width = picture.height, picture.width
    rows = _ArrowArray.from_address(_pointer_in(capsule, b"arrow_array"))
    if rows.n_children != 1 or rows.length != height * width or rows.offset:
        return None
    values = rows.children[0].contents
    size = 4 * height * width
    if values.n_buffers != 2 or values.length != size or values.offset:
        return None
    lent: Any = (ctypes.c_uint8 * size).from_address(values.buffers[1])
    lent.owner = capsule  # which keeps the memory, for as long as an array refers to it
    pixels = np.frombuffer(lent, dtype=np.uint8).reshape(height, width, 4)
    pixels.flags.writeable = False
    return pixels


#: Squares are converted together up to this many pixels: enough to forget what a call costs, few
#: enough for the processor's cache.
_TOGETHER = 1 << 15


class ColorLevels(ExactLevels):
    """Levels of a colour picture: float64, converted by and by.

    `pixels` gives those of a rectangle ``(top, bottom, left, right)`` as ``(height, width, 3 or
    4)``, and `grey` converts them. The picture has at least two columns.
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
    def of_array(
        cls,
        pixels: NDArray[Any],
        grey: Callable[[NDArray[Any]], NDArray[np.float64]] = to_grey,
    ) -> "ColorLevels":
        """Levels of an array ``(height, width, 3 or 4)``."""
        return cls(_rectangles_of(pixels), (pixels.shape[0], pixels.shape[1]), grey)

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
        return self._to_grey(np.repeat(pixels, 2, axis=1))[:, :1]  # see `imgsig.color_levels`

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
