"""Stretched."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform


class Aspect(Transform):
    """The whole picture wider or narrower, of the same height, by Lanczos resampling.

    ``aspect-75`` makes 3:2 of 2:1. At least one column is left.
    """

    family: ClassVar[str] = "aspect"
    meaning: ClassVar[str] = "percent of the width"
    limits: ClassVar[tuple[float, float]] = (25, 400)
    neutral: ClassVar[float] = 100
    typical: ClassVar[float] = 75

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        width = max(1, round(image.width * self.strength / 100))
        return image.resize((width, image.height), Image.Resampling.LANCZOS)
