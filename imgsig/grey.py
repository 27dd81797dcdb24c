"""Grey levels of colours, with the bits that the reference computes.

Grey levels are matrix-vector products of rows of pixels. Nothing promises that a BLAS rounds the
last elements of a product as it rounds the first, so a part of a picture could have other bits than
the same part of the whole. The kernels of OpenBLAS round all alike, as long as a row has two pixels
or more: one alone is a dot product. `blas_is_uniform` asks the library at hand.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.color import rgb2gray, rgba2rgb

#: Weights of red, green and blue in scikit-image's rgb2gray.
_WEIGHTS = np.array([0.2125, 0.7154, 0.0721])
#: From a byte to 0..1, as scikit-image has it.
_SCALE = 1.0 / 255


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
    grey: NDArray[Any]
    if pixels.dtype == np.uint8 and pixels.shape[2] == 3:
        # The very steps of rgb2gray, which takes ten times as long to begin.
        scaled = pixels.astype(np.float64)
        scaled *= _SCALE
        grey = scaled @ _WEIGHTS
        return grey
    if pixels.shape[2] == 4:
        pixels = rgba2rgb(pixels)  # type: ignore[no-untyped-call]
    grey = rgb2gray(pixels)
    return grey


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
    scaled *= _SCALE
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
