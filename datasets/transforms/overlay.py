"""Drawings laid over pictures."""

from numpy.random import Generator
from PIL import Image

FINEST = 2048  # pixels a side that a drawing is made at, most; enlarged beyond


def drawing_side(side: int) -> int:
    """Side in pixels to draw at, so that shrinking to `side` makes edges smooth.

    Examples
    --------
    >>> drawing_side(100), drawing_side(3000)
    (400, 2048)
    """
    return min(4 * side, FINEST)


def lay_over(image: Image.Image, drawing: Image.Image, left: int, top: int) -> None:
    """Draw on a picture, in place.

    Parameters
    ----------
    image : PIL.Image.Image
        Of mode ``RGB``, or ``L``, on which colours become grey.
    drawing : PIL.Image.Image
        Of mode ``RGBA``; what lies outside of the picture is cut off.
    left, top : int
        Where the drawing's upper left corner lies, in pixels of the picture.
    """
    image.paste(drawing.convert(image.mode), (left, top), drawing.getchannel("A"))


def random_corner(
    picture: tuple[int, int], drawing: tuple[int, int], rng: Generator
) -> tuple[int, int]:
    """Left and top of a place where a drawing lies within a picture, if it is no larger.

    Parameters
    ----------
    picture, drawing : tuple of int
        Width and height in pixels.
    rng : numpy.random.Generator
        Chooses the place.
    """
    left, top = (
        int(rng.integers(max(0, outer - inner), endpoint=True))
        for outer, inner in zip(picture, drawing, strict=True)
    )
    return left, top
