"""Colours dropped."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.fixed import FixedTransform


class Grey(FixedTransform):
    """The picture in grey (ITU-R 601 luma), always of mode ``L``, as a grey file is stored."""

    family: ClassVar[str] = "grey"

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        return image.convert("L")
