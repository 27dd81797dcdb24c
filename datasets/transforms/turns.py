"""Turned, mirrored and seen from aside."""

from numpy.random import Generator
from PIL import Image, ImageOps

TURNS = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}


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
    return image.transpose(TURNS[int(strength)])


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
