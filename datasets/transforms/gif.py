"""Stored with a palette."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image

from datasets.transforms.file_format import through_file
from datasets.transforms.fixed import FixedTransform

COLOURS = 256  # that a GIF can hold
SAMPLE = 512  # pixels of the longer side of what the palette is chosen from; all takes seconds


class Gif(FixedTransform):
    """The picture after encoding to GIF and decoding again.

    Colours become a palette of 256 (median cut), mixed by Floyd–Steinberg dithering. A grey picture
    has no more than these and stays as it is.

    Raises
    ------
    TransformError
        When called with an image that has a side of more than 65,535 pixels.
    """

    family: ClassVar[str] = "gif"

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        few = image
        if image.mode == "RGB":
            sample = image.copy()
            sample.thumbnail((SAMPLE, SAMPLE), Image.Resampling.NEAREST)  # invents no colour
            palette = sample.quantize(COLOURS, Image.Quantize.MEDIANCUT)
            few = image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
        return through_file(few, self.id, "GIF").convert(image.mode)
