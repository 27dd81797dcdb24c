"""Another number of pixels."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform


class Resize(Transform):
    """The whole picture, smaller or larger, by Lanczos resampling.

    ``resize-50`` halves width and height. Each side keeps at least one pixel.
    """

    family: ClassVar[str] = "resize"
    meaning: ClassVar[str] = "percent of width and height"
    limits: ClassVar[tuple[float, float]] = (1, 200)
    neutral: ClassVar[float] = 100
    typical: ClassVar[float] = 50

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        width, height = (max(1, round(side * self.strength / 100)) for side in image.size)
        return image.resize((width, height), Image.Resampling.LANCZOS)
