"""Blurred, sharpened, with grain."""

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter

BAND = 1 << 20  # rows a step, so that a large photograph never exists as floats as a whole
RADIUS = 2  # pixels, of what is sharpened


def blur(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """Gaussian blur, by Pillow's approximation of three box filters.

    The radius is in pixels of the picture given: the same number is a stronger edit of a tile than
    of a photograph.
    """
    return image.filter(ImageFilter.GaussianBlur(strength))


def sharpen(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """An unsharp mask of radius 2 pixels: detail finer than that is added once more."""
    return image.filter(ImageFilter.UnsharpMask(RADIUS, int(strength), threshold=0))


def noise(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """Gaussian noise, independent for each pixel and channel, clipped to the range."""
    pixels = np.array(image)  # uint8, (height, width) or (height, width, 3)
    _add_gaussian(pixels.reshape(-1, 1), strength, rng)
    return Image.fromarray(pixels)


def grey_noise(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """Gaussian noise, independent for each pixel but the same in its channels, clipped.

    ``grey-noise-0.2`` is perception's ``noise0.2``: it was made with imgaug, whose noise is one
    draw for all channels unless asked otherwise.
    """
    pixels = np.array(image)  # uint8, (height, width) or (height, width, 3)
    _add_gaussian(pixels.reshape(image.width * image.height, -1), strength, rng)
    return Image.fromarray(pixels)


def _add_gaussian(values: NDArray[np.uint8], share: float, rng: Generator) -> None:
    """Add normal noise to uint8[n, m] in place, one draw a row, clipped to the range.

    The standard deviation is a share of full scale.
    """
    sigma = np.float32(255 * share)
    for start in range(0, len(values), BAND):
        band = values[start : start + BAND]
        noisy: NDArray[Any] = rng.standard_normal((len(band), 1), dtype=np.float32)
        noisy *= sigma
        noisy = noisy + band
        band[:] = np.rint(noisy, out=noisy).clip(0, 255)
