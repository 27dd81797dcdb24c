"""Lossy compression."""

import io
from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.errors import TransformError
from datasets.transforms.base import Transform

MAX_SIDE = 65_500  # JPEG_MAX_DIMENSION of libjpeg, which Pillow encodes with


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

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.strength.is_integer():
            raise TransformError(f"quality of jpeg must be a whole number, not {self.strength:g}")

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        if max(image.size) > MAX_SIDE:
            raise TransformError(
                f"{self.id} cannot edit an image of {image.width}x{image.height}: JPEG ends at"
                f" {MAX_SIDE} pixels a side; use a smaller image"
            )
        encoded = io.BytesIO()
        image.save(encoded, format="JPEG", quality=int(self.strength))
        with Image.open(encoded) as decoded:
            return decoded.copy()
