"""Stored as WebP."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform
from datasets.transforms.file_format import through_file


class Webp(Transform):
    """The picture after encoding to lossy WebP and decoding again, with Pillow's defaults.

    Raises
    ------
    TransformError
        When called with an image that has a side of more than 16,383 pixels.
    """

    family: ClassVar[str] = "webp"
    meaning: ClassVar[str] = "quality of the encoder"
    limits: ClassVar[tuple[float, float]] = (1, 100)
    neutral: ClassVar[float] = 100
    typical: ClassVar[float] = 80
    step: ClassVar[float | None] = 1

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        decoded = through_file(image, self.id, "WEBP", quality=int(self.strength))
        return decoded.convert(image.mode)
