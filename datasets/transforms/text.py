"""Words written over the picture."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from datasets.transforms.fixed import FixedTransform

CAPTIONS = ("PREVIEW", "SAMPLE", "BREAKING NEWS", "SALE -50 %", "SOLD OUT", "PHOTO: PRESS", "LOL")
WIDTH, HEIGHT = 0.7, 0.2  # of the picture, that the caption fills at most
MEASURED_AT = 100  # font size the caption is measured at; its width grows in proportion


class Text(FixedTransform):
    """A caption in white letters with a black edge, at a random place.

    One of seven captions is drawn, as large as fits into 70 % of the width and 20 % of the height,
    in the font that Pillow brings along.
    """

    family: ClassVar[str] = "text"

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        caption = CAPTIONS[rng.integers(len(CAPTIONS))]
        measure = ImageFont.load_default(MEASURED_AT).getlength(caption) / MEASURED_AT
        size = max(1.0, min(WIDTH * image.width / measure, HEIGHT * image.height))
        font = ImageFont.load_default(size)
        edge = round(size / 15)
        draw = ImageDraw.Draw(image)
        left, top, right, bottom = draw.textbbox((0, 0), caption, font=font, stroke_width=edge)
        x = rng.uniform(0, max(0.0, image.width - (right - left)))
        y = rng.uniform(0, max(0.0, image.height - (bottom - top)))
        white, black = ("white", "black") if image.mode == "RGB" else (255, 0)
        draw.text((x - left, y - top), caption, white, font, stroke_width=edge, stroke_fill=black)
        return image
