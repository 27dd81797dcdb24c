"""Left and right swapped."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageOps

from datasets.transforms.fixed import FixedTransform


class Mirror(FixedTransform):
    """The picture as in a mirror. The signature is not made to survive it."""

    family: ClassVar[str] = "mirror"

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        return ImageOps.mirror(image)
