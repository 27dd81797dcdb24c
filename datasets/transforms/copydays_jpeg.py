"""Made small, then compressed: the JPEG attack of the Copydays benchmark."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform
from datasets.transforms.file_format import through_file

SHRINK = 4  # of each side: 1/16 of the surface


class CopydaysJpeg(Transform):
    """A sixteenth of the pixels, then JPEG.

    Each side is divided by four and keeps at least one pixel. That it is done by Lanczos resampling
    is ours.

    References
    ----------
    Douze, Jégou, Sandhawalia, Amsaleg and Schmid, "Evaluation of GIST descriptors for web-scale
    image search", CIVR 2009, on the INRIA Copydays data set: copies of 1/16 of the pixels, as JPEG
    of quality 3 to 75.
    """

    family: ClassVar[str] = "copydays-jpeg"
    meaning: ClassVar[str] = "quality of the encoder, at a quarter of width and height"
    limits: ClassVar[tuple[float, float]] = (1, 100)
    neutral: ClassVar[float] = 100
    typical: ClassVar[float] = 15
    step: ClassVar[float | None] = 1

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        width, height = (max(1, round(side / SHRINK)) for side in image.size)
        small = image.resize((width, height), Image.Resampling.LANCZOS)
        return through_file(small, self.id, "JPEG", quality=int(self.strength))
