"""Stored as AVIF."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform
from datasets.transforms.file_format import through_file


class Avif(Transform):
    """The picture after encoding to lossy AVIF (4:2:0) and decoding again.

    The encoder is libaom at its fastest, on one thread: with more, its bytes depend on how many.

    Raises
    ------
    TransformError
        When called with an image that has a side of more than 32,768 pixels.
    """

    family: ClassVar[str] = "avif"
    meaning: ClassVar[str] = "quality of the encoder"
    limits: ClassVar[tuple[float, float]] = (1, 100)
    neutral: ClassVar[float] = 100
    typical: ClassVar[float] = 50
    step: ClassVar[float | None] = 1

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        quality = int(self.strength)
        decoded = through_file(
            image, self.id, "AVIF", quality=quality, codec="aom", speed=10, max_threads=1
        )
        return decoded.convert(image.mode)
