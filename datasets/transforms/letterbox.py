"""Bars above and below."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageOps

from datasets.transforms.base import Transform


class Letterbox(Transform):
    """Black bars above and below the whole picture, as a wide film has on a screen.

    ``letterbox-20`` is perception's ``pad0.2``: 20 % of the height on either side.
    """

    family: ClassVar[str] = "letterbox"
    meaning: ClassVar[str] = "percent of the height added above, and as much below"
    limits: ClassVar[tuple[float, float]] = (0, 100)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 20

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        return ImageOps.expand(image, border=(0, round(image.height * self.strength / 100)))
