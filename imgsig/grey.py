"""Grey levels of colours, with the bits that the reference computes.

Grey levels are matrix-vector products of rows of pixels. Nothing promises that a BLAS rounds the
last elements of a product as it rounds the first, so a part of a picture could have other bits than
the same part of the whole. The kernels of OpenBLAS round all alike, as long as a row has two pixels
or more: one alone is a dot product. `blas_is_uniform` asks the library at hand.

The steps are those of `rgb2gray` and `rgba2rgb` of scikit-image 0.26, which the reference calls, in
their order and types: what a BLAS computes depends on how its operands lie in memory, too.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Weights of red, green and blue in scikit-image's rgb2gray.
_WEIGHTS = np.array([0.2125, 0.7154, 0.0721])


def to_grey(pixels: NDArray[Any]) -> NDArray[Any]:
    """Grey levels of colours, as the reference computes them.

    Parameters
    ----------
    pixels : ndarray
        ``(height, width, 3)`` RGB or ``(height, width, 4)`` RGBA, which is blended over white.

    Returns
    -------
    ndarray
        ``(height, width)``; float32 of float16 and float32 colours, else float64.
    """
    colors = _as_floats(pixels)
    if pixels.shape[2] == 4:
        alpha = colors[:, :, 3:]
        white = np.ones((1, 1, 3), colors.dtype)
        colors = np.clip((1 - alpha) * white + alpha * colors[:, :, :3], 0, 1)
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

    The same as `to_grey` of the three others where `blas_is_uniform`.

    Parameters
    ----------
    pixels : ndarray
        ``uint8[height, width, 4]``, at least two of them.

    Returns
    -------
    ndarray
        ``float64[height, width]``.
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
