"""A face or a heart stuck on."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageDraw

from datasets.transforms.base import Transform
from datasets.transforms.overlay import drawing_side, lay_over, random_corner

YELLOW, EDGE, DARK = (255, 205, 60), (214, 148, 18), (64, 42, 20)
RED, WHITE, BLUE = (228, 40, 52), (255, 255, 255), (70, 160, 235)


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


class Emoji(Transform):
    """One of five drawings, four yellow faces and a red heart, at a random place.

    They are drawn from circles and lines: what an emoji looks like in a font depends on the
    machine.
    """

    family: ClassVar[str] = "emoji"
    meaning: ClassVar[str] = "diameter in percent of the shorter side"
    limits: ClassVar[tuple[float, float]] = (0, 100)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 30

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        draw = DRAWINGS[rng.integers(len(DRAWINGS))]
        side = round(min(image.size) * self.strength / 100)
        if not side:
            return image
        pen = _Pen(drawing_side(side))
        draw(pen)
        sticker = pen.canvas.resize((side, side), Image.Resampling.LANCZOS)
        lay_over(image, sticker, *random_corner(image.size, sticker.size, rng))
        return image
