"""Paler or more colourful."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageEnhance

from datasets.transforms.base import Transform


class Saturation(Transform):
    """Differences from each pixel's grey times a factor, clipped to the range.

    A grey picture stays as it is.
    """

    family: ClassVar[str] = "saturation"
    meaning: ClassVar[str] = "factor"
    limits: ClassVar[tuple[float, float]] = (0, 5)
    neutral: ClassVar[float] = 1
    typical: ClassVar[float] = 2

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        return ImageEnhance.Color(image).enhance(self.strength)
