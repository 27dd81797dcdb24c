"""All edges cut off."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform


class Trim(Transform):
    """The middle of the picture.

    ``trim-5`` cuts 5 % of the width off on the left and on the right, and 5 % of the height above
    and below; it is perception's ``crop0.05``. At least one pixel is left.
    """

    family: ClassVar[str] = "trim"
    meaning: ClassVar[str] = "percent of the width or height cut off on each side"
    limits: ClassVar[tuple[float, float]] = (0, 45)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 5

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        x, y = (min(round(side * self.strength / 100), (side - 1) // 2) for side in image.size)
        return image.crop((x, y, image.width - x, image.height - y))
