"""A part cut out."""

import math
from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform


class Crop(Transform):
    """A window of the picture's own aspect ratio, at a random place.

    ``crop-20`` removes 20 % of the surface, so each side keeps √0.8 of its length. Of each side at
    least one pixel is left.
    """

    family: ClassVar[str] = "crop"
    meaning: ClassVar[str] = "percent of the surface removed"
    limits: ClassVar[tuple[float, float]] = (0, 95)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 30

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        kept = math.sqrt(1 - self.strength / 100)
        width = max(1, round(image.width * kept))
        height = max(1, round(image.height * kept))
        left = int(rng.integers(image.width - width, endpoint=True))
        top = int(rng.integers(image.height - height, endpoint=True))
        return image.crop((left, top, left + width, top + height))
