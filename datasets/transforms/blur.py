"""Detail smoothed away."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageFilter

from datasets.transforms.base import Transform


class Blur(Transform):
    """Gaussian blur, by Pillow's approximation of three box filters.

    The radius is in pixels of the picture given: the same number is a stronger edit of a tile than
    of a photograph.
    """

    family: ClassVar[str] = "blur"
    meaning: ClassVar[str] = "standard deviation in pixels"
    limits: ClassVar[tuple[float, float]] = (0, 50)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 2

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        return image.filter(ImageFilter.GaussianBlur(self.strength))
