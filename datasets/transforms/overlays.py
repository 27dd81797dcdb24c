"""Drawn or written over the picture: captions, marks, stickers and strokes of a brush."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw, ImageFont

FINEST = 2048  # pixels a side that a drawing is made at, most; enlarged beyond
MEASURED_AT = 100  # font size that words are measured at; their size grows in proportion

CAPTIONS = ("PREVIEW", "SAMPLE", "BREAKING NEWS", "SALE -50 %", "SOLD OUT", "PHOTO: PRESS", "LOL")
WIDTH, HEIGHT = 0.7, 0.2  # of the picture, that the caption fills at most

WATERMARK = "TEST"
INK = (0, 0, 0, 200)  # black, through which 55 parts of 255 are seen
BOLD = 1 / 24  # of the font size, added around the strokes of the letters

LOGO_SMALLEST = 64  # pixels of width that it is drawn at, so that all of its parts have a size
LOGO_NAMES = ("NORTHPIX", "snapvale", "Orchard")  # invented
LOGO_COLOURS = ((200, 30, 60), (20, 110, 200), (30, 140, 80))
LOGO_SHAPE = 4  # times as wide as high
LOGO_MARGIN = 0.03  # of the shorter side, from the edges

YELLOW, EDGE, DARK = (255, 205, 60), (214, 148, 18), (64, 42, 20)
RED, WHITE, BLUE = (228, 40, 52), (255, 255, 255), (70, 160, 235)

PAINTS = ("#d62728", "#1f77b4", "#2ca02c", "#ffdd33", "#111111", "#f5f5f5")
POINTS = 24  # of a stroke
REACH = 0.5  # of the picture's width and height that a stroke runs at most
SKETCH = 256  # pixels of the longer side of what the painted share is measured on

Path = NDArray[np.float64]  # (points, 2): x and y as shares of width and height


def drawing_side(side: int) -> int:
    """Side in pixels to draw at, so that shrinking to `side` makes edges smooth.

    >>> drawing_side(100), drawing_side(3000)
    (400, 2048)
    """
    return min(4 * side, FINEST)


def lay_over(image: Image.Image, drawing: Image.Image, left: int, top: int) -> None:
    """Draw an ``RGBA`` drawing on an ``RGB`` or ``L`` picture, in place.

    Its upper left corner lies at left and top, in pixels of the picture. What lies outside is cut
    off; colours become grey on ``L``.
    """
    image.paste(drawing.convert(image.mode), (left, top), drawing.getchannel("A"))


def random_corner(
    picture: tuple[int, int], drawing: tuple[int, int], rng: Generator
) -> tuple[int, int]:
    """Left and top of a place where a drawing lies within a picture, if it is no larger."""
    left, top = (
        int(rng.integers(max(0, outer - inner), endpoint=True))
        for outer, inner in zip(picture, drawing, strict=True)
    )
    return left, top


def text(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """A caption in white letters with a black edge, at a random place.

    One of seven captions is drawn, as large as fits into 70 % of the width and 20 % of the height,
    in the font that Pillow brings along.
    """
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


def watermark(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The word TEST in black that lets a little through, in the lower left corner.

    ``watermark-20`` is perception's ``watermark``: a fifth of the width, as far from both edges as
    its letters are high. The font is the one that Pillow brings along.
    """
    if not strength:
        return image
    left, _, right, _ = ImageFont.load_default(MEASURED_AT).getbbox(
        WATERMARK, stroke_width=BOLD * MEASURED_AT
    )
    size = max(1.0, MEASURED_AT * image.width * strength / 100 / (right - left))
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(WATERMARK, stroke_width=BOLD * size)
    width, height = (max(1, round(side)) for side in (right - left, bottom - top))
    word = Image.new("RGBA", (width, height), (*INK[:3], 0))
    ImageDraw.Draw(word).text((-left, -top), WATERMARK, INK, font, stroke_width=BOLD * size)
    lay_over(image, word, height, image.height - 2 * height)
    return image


def logo(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """A badge and an invented name on a white plate, in one of the four corners.

    Name, colour and corner are random. The plate is four times as wide as high, and no higher than
    the picture.
    """
    name = LOGO_NAMES[rng.integers(len(LOGO_NAMES))]
    colour = LOGO_COLOURS[rng.integers(len(LOGO_COLOURS))]
    right, bottom = (int(side) for side in rng.integers(2, size=2))
    width = round(min(image.width * strength / 100, LOGO_SHAPE * image.height))
    if not width:
        return image
    height = max(1, width // LOGO_SHAPE)
    plate = _plate(max(LOGO_SMALLEST, drawing_side(width)), name, colour)
    plate = plate.resize((width, height), Image.Resampling.LANCZOS)
    margin = round(LOGO_MARGIN * min(image.size))
    margin = min(margin, image.width - width, image.height - height)
    left = image.width - width - margin if right else margin
    top = image.height - height - margin if bottom else margin
    lay_over(image, plate, left, top)
    return image


def _plate(width: int, name: str, colour: tuple[int, int, int]) -> Image.Image:
    height = width // LOGO_SHAPE
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


class _Pen:
    """Draws in units of a square of side 1."""

    def __init__(self, side: int) -> None:
        self.canvas = Image.new("RGBA", (side, side))
        self._draw = ImageDraw.Draw(self.canvas)
        self._side = side

    def _pixels(self, values: Sequence[float]) -> list[float]:
        return [value * (self._side - 1) for value in values]

    def disc(self, x: float, y: float, rx: float, ry: float, colour: tuple[int, ...]) -> None:
        self._draw.ellipse(self._pixels((x - rx, y - ry, x + rx, y + ry)), fill=colour)

    def chord(
        self, box: Sequence[float], start: float, end: float, colour: tuple[int, ...]
    ) -> None:
        self._draw.chord(self._pixels(box), start, end, fill=colour)

    def arc(self, box: Sequence[float], start: float, end: float) -> None:
        width = max(1, round(0.05 * self._side))
        self._draw.arc(self._pixels(box), start, end, fill=DARK, width=width)

    def shape(self, corners: Sequence[float], colour: tuple[int, ...]) -> None:
        self._draw.polygon(self._pixels(corners), fill=colour)

    def head(self) -> None:
        self.disc(0.5, 0.5, 0.5, 0.5, EDGE)
        self.disc(0.5, 0.5, 0.46, 0.46, YELLOW)

    def eyes(self, ry: float = 0.09) -> None:
        for x in (0.33, 0.67):
            self.disc(x, 0.38, 0.06, ry, DARK)


def _smile(pen: _Pen) -> None:
    pen.head()
    pen.eyes()
    pen.arc((0.24, 0.26, 0.76, 0.78), 20, 160)


def _laugh(pen: _Pen) -> None:
    pen.head()
    for x in (0.22, 0.58):
        pen.arc((x, 0.32, x + 0.2, 0.52), 190, 350)
    pen.chord((0.22, 0.3, 0.78, 0.86), 0, 180, DARK)
    pen.chord((0.28, 0.36, 0.72, 0.74), 20, 160, WHITE)
    for x in (0.1, 0.9):
        pen.disc(x, 0.58, 0.07, 0.1, BLUE)


def _surprise(pen: _Pen) -> None:
    pen.head()
    pen.eyes(0.11)
    pen.disc(0.5, 0.7, 0.1, 0.14, DARK)


def _cool(pen: _Pen) -> None:
    pen.head()
    pen.shape((0.08, 0.3, 0.92, 0.3, 0.92, 0.36, 0.08, 0.36), DARK)
    for x in (0.31, 0.69):
        pen.chord((x - 0.17, 0.13, x + 0.17, 0.55), 0, 180, DARK)
    pen.arc((0.28, 0.34, 0.72, 0.78), 30, 130)


def _heart(pen: _Pen) -> None:
    for x in (0.27, 0.73):
        pen.disc(x, 0.32, 0.26, 0.26, RED)
    pen.shape((0.05, 0.45, 0.5, 0.98, 0.95, 0.45, 0.5, 0.3), RED)


DRAWINGS: tuple[Callable[[_Pen], None], ...] = (_smile, _laugh, _surprise, _cool, _heart)


def emoji(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """One of five drawings, four yellow faces and a red heart, at a random place.

    They are drawn from circles and lines: what an emoji looks like in a font depends on the
    machine.
    """
    draw = DRAWINGS[rng.integers(len(DRAWINGS))]
    side = round(min(image.size) * strength / 100)
    if not side:
        return image
    pen = _Pen(drawing_side(side))
    draw(pen)
    sticker = pen.canvas.resize((side, side), Image.Resampling.LANCZOS)
    lay_over(image, sticker, *random_corner(image.size, sticker.size, rng))
    return image


def paint(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """Curved strokes of a broad brush, in six colours, until that much is covered.

    The last stroke may cover a little more. The broader the brush, the more is to be covered.
    """
    share = strength / 100
    brush = 0.2 * share**0.5  # of the shorter side
    shrink = SKETCH / max(image.size)
    sketch = Image.new("L", [max(1, round(side * shrink)) for side in image.size])
    while np.count_nonzero(np.asarray(sketch)) < share * sketch.width * sketch.height:
        path = _stroke(rng)
        _brush(sketch, path, brush, 255)
        colour = PAINTS[rng.integers(len(PAINTS))]
        _brush(image, path, brush, ImageColor.getcolor(colour, image.mode))
    return image


def _stroke(rng: Generator) -> Path:
    start = rng.uniform(size=2)
    run = rng.uniform(-REACH, REACH, size=2)
    bend = rng.uniform(-REACH / 2, REACH / 2, size=2)
    steps = np.linspace(0, 1, POINTS)[:, None]
    path: Path = start + steps * run + 4 * steps * (1 - steps) * bend
    return path


def _brush(image: Image.Image, path: Path, brush: float, colour: int | tuple[int, ...]) -> None:
    width = max(1, round(brush * min(image.size)))
    points = [(float(x), float(y)) for x, y in path * image.size]
    draw = ImageDraw.Draw(image)
    draw.line(points, colour, width, joint="curve")
    for x, y in (points[0], points[-1]):  # the brush is round
        half = (width - 1) / 2
        draw.ellipse((x - half, y - half, x + half, y + half), fill=colour)
