"""Scaled, cropped, turned, mirrored and seen from aside."""

import math

from numpy.random import Generator
from PIL import Image, ImageOps


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


def rotate(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The picture turned counter-clockwise about its centre, by bicubic resampling.

    The canvas keeps its size: corners that turn out of it are lost, and what turns in is black.
    """
    return image.rotate(strength, Image.Resampling.BICUBIC)


def turn(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The picture turned counter-clockwise by a quarter, a half or three quarters.

    The canvas turns too: no pixel is lost or changed, and by a quarter width and height swap.
    """
    if not strength:
        return image
    return image.transpose(Image.Transpose[f"ROTATE_{int(strength)}"])


def mirror(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The picture as in a mirror. The signature is not made to survive it."""
    return ImageOps.mirror(image)


def perspective(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The picture as a print seen from one of its four sides, on black.

    The near side fills the canvas, the far one is shorter and stands in the middle; what is far is
    foreshortened, as a camera sees it. The canvas keeps its size.
    """
    there = 90 * int(rng.integers(4))  # which side is far: it is turned to the top, and back
    if not strength:
        return image
    turned = turn(image, there, rng)
    seen = turned.transform(
        turned.size,
        Image.Transform.PERSPECTIVE,
        _far_top(*turned.size, strength),
        Image.Resampling.BICUBIC,
    )
    return turn(seen, (360 - there) % 360, rng)


def _far_top(width: int, height: int, strength: float) -> tuple[float, ...]:
    """Where each pixel of the copy comes from: the eight numbers that Pillow takes.

    With both sides taken as 1, x from the middle and y from the top, the copy's (x, y) shows
    (cx / d, cy / d) where d = 1 + (c - 1) y and c is near over far.
    """
    c = 1 / (1 - strength / 100)
    slope = (c - 1) / height
    return (c, width / 2 * slope, (1 - c) * width / 2, 0, c, 0, 0, slope)
