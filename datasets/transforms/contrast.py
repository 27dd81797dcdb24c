"""Tones spread or drawn together."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageEnhance

from datasets.transforms.base import Transform


class Contrast(Transform):
    """Differences from the picture's mean grey times a factor, clipped to the range."""

    family: ClassVar[str] = "contrast"
    meaning: ClassVar[str] = "factor"
    limits: ClassVar[tuple[float, float]] = (0.1, 5)
    neutral: ClassVar[float] = 1
    typical: ClassVar[float] = 1.5

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        return ImageEnhance.Contrast(image).enhance(self.strength)
