"""Lighter, darker, paler or in other colours; and the picture as it is."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

BAND = 256  # rows a step, so that a large photograph never exists as floats as a whole


def identity(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The picture as it is: the control that every search must find."""
    return image


def gamma(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """Every value v of 0..1 becomes v ** gamma: above 1 darker, below 1 lighter."""
    curve = [round(255 * (value / 255) ** strength) for value in range(256)]
    return image.point(curve * len(image.getbands()))


def contrast(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """Differences from the picture's mean grey times a factor, clipped to the range."""
    return ImageEnhance.Contrast(image).enhance(strength)


def brightness(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """Every value times a factor, clipped to the range."""
    return ImageEnhance.Brightness(image).enhance(strength)


def grey(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The picture in grey (ITU-R 601 luma), always of mode ``L``, as a grey file is stored."""
    return image.convert("L")


def saturation(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """Differences from each pixel's grey times a factor, clipped to the range.

    A grey picture stays as it is.
    """
    return ImageEnhance.Color(image).enhance(strength)


def hue(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The hue of every pixel shifted along the colour circle, red towards green.

    In steps of 1/256 of the circle, as Pillow's HSV has them. A grey picture stays as it is.
    """
    steps = round(strength / 360 * 256)
    if image.mode == "L" or not steps:
        return image
    shade, pureness, value = image.convert("HSV").split()
    shifted = shade.point([(h + steps) % 256 for h in range(256)])
    return Image.merge("HSV", (shifted, pureness, value)).convert("RGB")


def vignette(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """Every value times a Gaussian of its place, which is 1 in the middle.

    The Gaussian stretches with the picture. ``vignette-1`` is perception's ``vignette``, whose
    standard deviations are half the width and half the height.
    """
    pixels = np.array(image)  # uint8, (height, width) or (height, width, 3)
    values = pixels.reshape(image.height, image.width, -1)
    across, down = _bell(image.width, strength), _bell(image.height, strength)
    for top in range(0, image.height, BAND):
        rows = slice(top, top + BAND)
        light = down[rows, None] * across
        values[rows] = np.rint(values[rows] * light[:, :, None])
    return Image.fromarray(pixels)


def _bell(side: int, strength: float) -> NDArray[np.float32]:
    places = (np.arange(side) - (side - 1) / 2) / (side / 2)
    bell: NDArray[np.float32] = np.exp(-0.5 * (strength * places) ** 2).astype(np.float32)
    return bell
