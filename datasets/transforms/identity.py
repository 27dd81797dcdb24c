"""The copy that is not edited."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.fixed import FixedTransform


class Identity(FixedTransform):
    """The picture as it is: the control that every search must find."""

    family: ClassVar[str] = "identity"

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        return image
