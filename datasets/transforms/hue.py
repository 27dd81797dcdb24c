"""Colours shifted."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform


class Hue(Transform):
    """The hue of every pixel shifted along the colour circle, red towards green.

    In steps of 1/256 of the circle, as Pillow's HSV has them. A grey picture stays as it is.
    """

    family: ClassVar[str] = "hue"
    meaning: ClassVar[str] = "degrees of the colour circle"
    limits: ClassVar[tuple[float, float]] = (0, 180)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 30

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        steps = round(self.strength / 360 * 256)
        if image.mode == "L" or not steps:
            return image
        hue, saturation, value = image.convert("HSV").split()
        shifted = hue.point([(h + steps) % 256 for h in range(256)])
        return Image.merge("HSV", (shifted, saturation, value)).convert("RGB")
