"""A word over a corner."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from datasets.transforms.base import Transform
from datasets.transforms.overlay import lay_over

WORD = "TEST"
INK = (0, 0, 0, 200)  # black, through which 55 parts of 255 are seen
BOLD = 1 / 24  # of the font size, added around the strokes of the letters
MEASURED_AT = 100  # font size the word is measured at; its size grows in proportion


class Watermark(Transform):
    """The word TEST in black that lets a little through, in the lower left corner.

    ``watermark-20`` is perception's ``watermark``: a fifth of the width, as far from both edges as
    its letters are high. The font is the one that Pillow brings along.
    """

    family: ClassVar[str] = "watermark"
    meaning: ClassVar[str] = "percent of the width that the word takes"
    limits: ClassVar[tuple[float, float]] = (0, 100)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 20

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        if not self.strength:
            return image
        left, _, right, _ = ImageFont.load_default(MEASURED_AT).getbbox(
            WORD, stroke_width=BOLD * MEASURED_AT
        )
        size = max(1.0, MEASURED_AT * image.width * self.strength / 100 / (right - left))
        font = ImageFont.load_default(size)
        left, top, right, bottom = font.getbbox(WORD, stroke_width=BOLD * size)
        width, height = (max(1, round(side)) for side in (right - left, bottom - top))
        word = Image.new("RGBA", (width, height), (*INK[:3], 0))
        ImageDraw.Draw(word).text((-left, -top), WORD, INK, font, stroke_width=BOLD * size)
        lay_over(image, word, height, image.height - 2 * height)
        return image
