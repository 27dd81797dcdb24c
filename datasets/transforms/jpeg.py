"""Lossy compression."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform
from datasets.transforms.file_format import through_file


class Jpeg(Transform):
    """The picture after encoding to JPEG and decoding again.

    The bytes are real: a baseline file with Pillow's defaults for everything but the quality, such
    as halved chroma (4:2:0).

    Raises
    ------
    TransformError
        When called with an image that has a side of more than 65,500 pixels.
    """

    family: ClassVar[str] = "jpeg"
    meaning: ClassVar[str] = "quality of the encoder"
    limits: ClassVar[tuple[float, float]] = (1, 100)
    neutral: ClassVar[float] = 100
    typical: ClassVar[float] = 30
    step: ClassVar[float | None] = 1

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        return through_file(image, self.id, "JPEG", quality=int(self.strength))
