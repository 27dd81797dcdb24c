"""More or less light."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageEnhance

from datasets.transforms.base import Transform


class Brightness(Transform):
    """Every value times a factor, clipped to the range."""

    family: ClassVar[str] = "brightness"
    meaning: ClassVar[str] = "factor"
    limits: ClassVar[tuple[float, float]] = (0.1, 5)
    neutral: ClassVar[float] = 1
    typical: ClassVar[float] = 1.3

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        return ImageEnhance.Brightness(image).enhance(self.strength)
