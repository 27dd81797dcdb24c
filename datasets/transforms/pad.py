"""A border added."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageOps

from datasets.transforms.base import Transform


class Pad(Transform):
    """A black border around the whole picture.

    ``pad-10`` adds 10 % of the width on the left and on the right, and 10 % of the height above and
    below: the aspect ratio stays.
    """

    family: ClassVar[str] = "pad"
    meaning: ClassVar[str] = "percent of the width or height added on each side"
    limits: ClassVar[tuple[float, float]] = (0, 50)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 10

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        x, y = (round(side * self.strength / 100) for side in image.size)
        return ImageOps.expand(image, border=(x, y))
