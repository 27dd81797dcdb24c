"""The mark of a maker in a corner."""

from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from datasets.transforms.base import Transform
from datasets.transforms.overlay import drawing_side, lay_over

SMALLEST = 64  # pixels of width that it is drawn at, so that all of its parts have a size
NAMES = ("NORTHPIX", "snapvale", "Orchard")  # invented
COLOURS = ((200, 30, 60), (20, 110, 200), (30, 140, 80))
SHAPE = 4  # times as wide as high
MARGIN = 0.03  # of the shorter side, from the edges


class Logo(Transform):
    """A badge and an invented name on a white plate, in one of the four corners.

    Name, colour and corner are random. The plate is four times as wide as high, and no higher than
    the picture.
    """

    family: ClassVar[str] = "logo"
    meaning: ClassVar[str] = "percent of the width that the logo takes"
    limits: ClassVar[tuple[float, float]] = (0, 100)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 30

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        name, colour = NAMES[rng.integers(len(NAMES))], COLOURS[rng.integers(len(COLOURS))]
        right, bottom = (int(side) for side in rng.integers(2, size=2))
        width = round(min(image.width * self.strength / 100, SHAPE * image.height))
        if not width:
            return image
        height = max(1, width // SHAPE)
        logo = _draw(max(SMALLEST, drawing_side(width)), name, colour)
        logo = logo.resize((width, height), Image.Resampling.LANCZOS)
        margin = round(MARGIN * min(image.size))
        margin = min(margin, image.width - width, image.height - height)
        left = image.width - width - margin if right else margin
        top = image.height - height - margin if bottom else margin
        lay_over(image, logo, left, top)
        return image


def _draw(width: int, name: str, colour: tuple[int, int, int]) -> Image.Image:
    height = width // SHAPE
    canvas = Image.new("RGBA", (width, height))
    draw = ImageDraw.Draw(canvas)
    end_x, end_y = width - 1, height - 1
    draw.rounded_rectangle((0, 0, end_x, end_y), radius=height / 6, fill=(255, 255, 255))
    edge = height * 0.12
    size = end_y - 2 * edge
    draw.ellipse((edge, edge, edge + size, edge + size), fill=colour)
    hills = ((0.14, 0.72), (0.4, 0.28), (0.56, 0.54), (0.66, 0.4), (0.86, 0.72))
    draw.polygon([(edge + x * size, edge + y * size) for x, y in hills], fill=(255, 255, 255))
    room = width - height - edge
    font = ImageFont.load_default(100)
    font = ImageFont.load_default(max(1.0, min(100 * room / font.getlength(name), 0.62 * height)))
    middle = (height + room / 2, height / 2)
    draw.text(middle, name, colour, font, anchor="mm")
    return canvas
