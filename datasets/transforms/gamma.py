"""Tones bent."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform


class Gamma(Transform):
    """Every value v of 0..1 becomes v ** gamma: above 1 darker, below 1 lighter."""

    family: ClassVar[str] = "gamma"
    meaning: ClassVar[str] = "exponent"
    limits: ClassVar[tuple[float, float]] = (0.1, 10)
    neutral: ClassVar[float] = 1
    typical: ClassVar[float] = 2

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        curve = [round(255 * (value / 255) ** self.strength) for value in range(256)]
        return image.point(curve * len(image.getbands()))
