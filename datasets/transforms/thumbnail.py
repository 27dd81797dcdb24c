"""As small as in a list of pictures."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform


class Thumbnail(Transform):
    """The whole picture with a longer side of that many pixels, by Lanczos resampling.

    The aspect ratio stays, each side keeps at least one pixel, and a picture that is no larger is
    left as it is.
    """

    family: ClassVar[str] = "thumbnail"
    meaning: ClassVar[str] = "pixels of the longer side at most"
    limits: ClassVar[tuple[float, float]] = (8, 4096)
    neutral: ClassVar[float] = 4096
    typical: ClassVar[float] = 64
    step: ClassVar[float | None] = 1

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        share = self.strength / max(image.size)
        if share >= 1:
            return image
        width, height = (max(1, round(side * share)) for side in image.size)
        return image.resize((width, height), Image.Resampling.LANCZOS)
