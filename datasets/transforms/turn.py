"""Turned as a camera held upright is."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform

TURNS = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}


class Turn(Transform):
    """The picture turned counter-clockwise by a quarter, a half or three quarters.

    The canvas turns too: no pixel is lost or changed, and by a quarter width and height swap.
    """

    family: ClassVar[str] = "turn"
    meaning: ClassVar[str] = "degrees, in quarters of a turn"
    limits: ClassVar[tuple[float, float]] = (0, 270)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 90
    step: ClassVar[float | None] = 90

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        if not self.strength:
            return image
        return image.transpose(TURNS[int(self.strength)])
