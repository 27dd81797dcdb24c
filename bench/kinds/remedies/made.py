"""What a remedy makes of pictures: pieces of them, and their orientations, as edits."""

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from PIL import Image

from datasets.transforms import Family, Transform
from imgsig.index.orientations import AS_IS, turned


class Piece(NamedTuple):
    """A piece of a picture: a share of width and height, and where it lies, from 0 to 1 each."""

    side: float
    across: float
    down: float


def piece(of: Piece) -> Transform:
    """The edit that cuts a piece.

    >>> picture = Image.new("L", (40, 20))
    >>> piece(Piece(0.5, 1, 0))(picture, np.random.default_rng(0)).size
    (20, 10)
    """
    name = f"piece-{of.side:.4g}-{of.across:.4g}-{of.down:.4g}"
    return Family(name, partial(_cut, of))()


def oriented(orientation: str) -> Transform:
    """The edit that turns and mirrors a picture."""
    return Family(orientation, partial(_turned, orientation))()


def chained(first: Transform, second: Transform) -> Transform:
    """One edit after the other."""
    return Family(f"{first.id} then {second.id}", partial(_chained, first, second))()


def copies(pieces: list[Piece], orientations: tuple[str, ...]) -> list[Transform]:
    """What is stored besides a picture as it is: its pieces, and both in other orientations.

    >>> [one.id for one in copies([Piece(0.5, 0, 0)], ("as_is", "mirrored"))]
    ['piece-0.5-0-0', 'mirrored', 'piece-0.5-0-0 then mirrored']
    """
    made = [piece(one) for one in pieces]
    every = list(made)
    for orientation in orientations:
        if orientation != AS_IS:
            turning = oriented(orientation)
            every += [turning, *(chained(one, turning) for one in made)]
    return every


def _cut(of: Piece, image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    width, height = (max(1, round(side * of.side)) for side in image.size)
    left, top = round((image.width - width) * of.across), round((image.height - height) * of.down)
    return image.crop((left, top, left + width, top + height))


def _turned(orientation: str, image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    return Image.fromarray(turned(np.asarray(image), orientation))


def _chained(
    first: Transform, second: Transform, image: Image.Image, strength: float, rng: Generator
) -> Image.Image:
    return second(first(image, rng), rng)
