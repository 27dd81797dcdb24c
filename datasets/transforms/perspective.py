"""Seen from aside."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform
from datasets.transforms.turn import Turn


class Perspective(Transform):
    """The picture as a print seen from one of its four sides, on black.

    The near side fills the canvas, the far one is shorter and stands in the middle; what is far is
    foreshortened, as a camera sees it. The canvas keeps its size.
    """

    family: ClassVar[str] = "perspective"
    meaning: ClassVar[str] = "percent that the far side is shorter than the near one"
    limits: ClassVar[tuple[float, float]] = (0, 80)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 30

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        there = 90 * int(rng.integers(4))  # which side is far: it is turned to the top, and back
        if not self.strength:
            return image
        turned = Turn(there)(image, rng)
        seen = turned.transform(
            turned.size,
            Image.Transform.PERSPECTIVE,
            self._far_top(*turned.size),
            Image.Resampling.BICUBIC,
        )
        return Turn((360 - there) % 360)(seen, rng)

    def _far_top(self, width: int, height: int) -> tuple[float, ...]:
        """Where each pixel of the copy comes from: the eight numbers that Pillow takes.

        With both sides taken as 1, x from the middle and y from the top, the copy's (x, y) shows
        (cx / d, cy / d) where d = 1 + (c - 1) y and c is near over far.
        """
        c = 1 / (1 - self.strength / 100)
        slope = (c - 1) / height
        return (c, width / 2 * slope, (1 - c) * width / 2, 0, c, 0, 0, slope)
