"""A frame."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageColor, ImageOps

from datasets.transforms.base import Transform

COLOURS = ("#ffffff", "#000000", "#808080", "#f3ead7", "#b3202c", "#1d3f72")


class Border(Transform):
    """A frame of one colour around the whole picture, as wide on all four sides.

    The colour is white, black, grey, cream, red or blue, at random.
    """

    family: ClassVar[str] = "border"
    meaning: ClassVar[str] = "width of the frame in percent of the shorter side"
    limits: ClassVar[tuple[float, float]] = (0, 50)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 5

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        colour = COLOURS[rng.integers(len(COLOURS))]
        width = round(min(image.size) * self.strength / 100)
        return ImageOps.expand(image, width, ImageColor.getcolor(colour, image.mode))
