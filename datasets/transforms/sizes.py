"""Scaled and cropped."""

import math

from numpy.random import Generator
from PIL import Image


def resize(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The whole picture, smaller or larger, by Lanczos resampling.

    ``resize-50`` halves width and height. Each side keeps at least one pixel.
    """
    width, height = (max(1, round(side * strength / 100)) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def aspect(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The whole picture wider or narrower, of the same height, by Lanczos resampling.

    ``aspect-75`` makes 3:2 of 2:1. At least one column is left.
    """
    width = max(1, round(image.width * strength / 100))
    return image.resize((width, image.height), Image.Resampling.LANCZOS)


def thumbnail(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The whole picture with a longer side of that many pixels, by Lanczos resampling.

    The aspect ratio stays, each side keeps at least one pixel, and a picture that is no larger is
    left as it is.
    """
    share = strength / max(image.size)
    if share >= 1:
        return image
    width, height = (max(1, round(side * share)) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def crop(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """A window of the picture's own aspect ratio, at a random place.

    ``crop-20`` removes 20 % of the surface, so each side keeps √0.8 of its length. Of each side at
    least one pixel is left.
    """
    kept = math.sqrt(1 - strength / 100)
    width = max(1, round(image.width * kept))
    height = max(1, round(image.height * kept))
    left = int(rng.integers(image.width - width, endpoint=True))
    top = int(rng.integers(image.height - height, endpoint=True))
    return image.crop((left, top, left + width, top + height))


def trim(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The middle of the picture.

    ``trim-5`` cuts 5 % of the width off on the left and on the right, and 5 % of the height above
    and below; it is perception's ``crop0.05``. At least one pixel is left.
    """
    x, y = (min(round(side * strength / 100), (side - 1) // 2) for side in image.size)
    return image.crop((x, y, image.width - x, image.height - y))
