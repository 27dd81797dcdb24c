"""Corners cut round."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageChops, ImageDraw, ImageOps

from datasets.transforms.base import Transform
from datasets.transforms.overlay import drawing_side


class RoundedCorners(Transform):
    """The four corners rounded off, as on a page of cards: what is cut off is white."""

    family: ClassVar[str] = "rounded-corners"
    meaning: ClassVar[str] = "radius in percent of the shorter side"
    limits: ClassVar[tuple[float, float]] = (0, 50)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 20

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        radius = round(min(image.size) * self.strength / 100)
        if not radius:
            return image
        fine = drawing_side(radius)
        corner = Image.new("L", (fine, fine))
        ImageDraw.Draw(corner).ellipse((0, 0, 2 * fine, 2 * fine), fill=255)
        corner = corner.resize((radius, radius), Image.Resampling.BOX)
        kept = Image.new("L", image.size, 255)
        kept.paste(corner, (0, 0))
        for turned in (ImageOps.mirror(kept), ImageOps.flip(kept)):
            kept = ImageChops.darker(kept, turned)
        kept = ImageChops.darker(kept, ImageOps.mirror(kept))
        white = Image.new(image.mode, image.size, "white")
        return Image.composite(image, white, kept)
