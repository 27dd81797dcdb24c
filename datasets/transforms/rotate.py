"""Turned a little, as a crooked scan is."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform


class Rotate(Transform):
    """The picture turned counter-clockwise about its centre, by bicubic resampling.

    The canvas keeps its size: corners that turn out of it are lost, and what turns in is black.
    """

    family: ClassVar[str] = "rotate"
    meaning: ClassVar[str] = "degrees"
    limits: ClassVar[tuple[float, float]] = (0, 45)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 2

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        return image.rotate(self.strength, Image.Resampling.BICUBIC)
