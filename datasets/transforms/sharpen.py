"""Edges made harder."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageFilter

from datasets.transforms.base import Transform

RADIUS = 2  # pixels


class Sharpen(Transform):
    """An unsharp mask of radius 2 pixels: detail finer than that is added once more."""

    family: ClassVar[str] = "sharpen"
    meaning: ClassVar[str] = "percent of the detail added"
    limits: ClassVar[tuple[float, float]] = (0, 500)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 150
    step: ClassVar[float | None] = 1

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        return image.filter(ImageFilter.UnsharpMask(RADIUS, int(self.strength), threshold=0))
