"""Caught on a screen, with what else the screen shows."""

from dataclasses import dataclass
from typing import ClassVar

from numpy.random import Generator
from PIL import Image, ImageColor, ImageDraw, ImageFont

from datasets.transforms.base import Transform

ABOVE = 0.6  # of the chrome; the rest is below the picture
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Theme:
    bar: str
    strip: str
    field: str
    ink: str


LIGHT = _Theme("#f6f7f9", "#d9dee5", "#ffffff", "#3a3f47")
DARK = _Theme("#2b2d31", "#17181b", "#3d4046", "#d7dae0")


class Screenshot(Transform):
    """The whole picture between the bars of a browser or of a telephone, light or dark.

    The picture keeps its pixels and fills the width; bars stand above and below it. Which of the
    two, and the theme, are random.
    """

    family: ClassVar[str] = "screenshot"
    meaning: ClassVar[str] = "percent of the screen's height that the bars take"
    limits: ClassVar[tuple[float, float]] = (0, 80)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 25

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        telephone, dark = (bool(draw) for draw in rng.integers(2, size=2))
        bars = round(image.height * self.strength / (100 - self.strength))
        above = round(ABOVE * bars)
        theme = DARK if dark else LIGHT
        screen = Image.new(
            image.mode,
            (image.width, image.height + bars),
            ImageColor.getcolor(theme.bar, image.mode),
        )
        screen.paste(image, (0, above))
        pen = _Pen(screen, theme)
        top, bottom = (0, above), (above + image.height, bars - above)
        if telephone:
            _telephone_top(pen, *top)
            _telephone_bottom(pen, *bottom)
        else:
            _browser_top(pen, *top)
            _browser_bottom(pen, *bottom)
        return screen


class _Pen:
    """Draws what is large enough to be seen."""

    def __init__(self, screen: Image.Image, theme: _Theme) -> None:
        self.width = screen.width
        self.theme = theme
        self._mode = screen.mode
        self._draw = ImageDraw.Draw(screen)

    def box(self, box: Box, colour: str, radius: float = 0) -> None:
        left, top, right, bottom = (round(edge) for edge in box)
        if right > left and bottom > top:
            area = (left, top, right - 1, bottom - 1)  # Pillow counts the last pixel in
            radius = min(radius, (right - left) / 2, (bottom - top) / 2)
            self._draw.rounded_rectangle(area, radius, ImageColor.getcolor(colour, self._mode))

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        self.box((x - radius, y - radius, x + radius, y + radius), colour, radius)

    def text(self, x: float, y: float, height: float, words: str, anchor: str = "lm") -> None:
        if height >= 2:
            font = ImageFont.load_default(height)
            ink = ImageColor.getcolor(self.theme.ink, self._mode)
            self._draw.text((x, y), words, ink, font, anchor=anchor)


def _browser_top(pen: _Pen, top: int, height: int) -> None:
    tabs = 0.45 * height
    pen.box((0, top, pen.width, top + tabs), pen.theme.strip)
    pen.box((0.25 * tabs, top + 0.2 * tabs, 6 * tabs, top + 1.2 * tabs), pen.theme.bar, tabs / 5)
    pen.text(0.6 * tabs, top + 0.6 * tabs, 0.42 * tabs, "My photos - Album")
    for number, colour in enumerate(("#e0483e", "#e9b23c", "#4fae4e")):
        pen.disc(pen.width - (0.6 + 0.6 * number) * tabs, top + tabs / 2, 0.18 * tabs, colour)
    bar, middle = height - tabs, top + tabs + (height - tabs) / 2
    for number in range(3):
        pen.disc((0.6 + 0.8 * number) * bar, middle, 0.22 * bar, pen.theme.ink)
    left, edge = 2.8 * bar, 0.3 * bar
    field = (left, middle - 0.35 * bar, pen.width - edge, middle + 0.35 * bar)
    pen.box(field, pen.theme.field, bar)
    pen.text(left + edge, middle, 0.38 * bar, "www.example.com/album/photo")


def _browser_bottom(pen: _Pen, top: int, height: int) -> None:
    middle = top + height / 2
    for number, colour in enumerate(("#3f7de0", "#e9b23c", "#4fae4e", "#8a5cc9", "#e0483e")):
        left = (0.5 + 1.1 * number) * height
        pen.box((left, middle - 0.3 * height, left + 0.6 * height, middle + 0.3 * height), colour)
    pen.text(pen.width - 0.4 * height, middle, 0.4 * height, "10:24", "rm")


def _telephone_top(pen: _Pen, top: int, height: int) -> None:
    status = 0.35 * height
    pen.box((0, top, pen.width, top + status), pen.theme.strip)
    pen.text(status / 2, top + status / 2, 0.6 * status, "12:45")
    right = pen.width - status / 2
    pen.box((right - 1.2 * status, top + 0.25 * status, right, top + 0.75 * status), pen.theme.ink)
    for number in range(3):
        left = right - (2.4 - 0.3 * number) * status
        high = (0.2 + 0.15 * number) * status
        pen.box(
            (left, top + 0.75 * status - high, left + 0.2 * status, top + 0.75 * status), "gray"
        )
    bar, middle = height - status, top + status + (height - status) / 2
    pen.disc(0.7 * bar, middle, 0.35 * bar, "#8a5cc9")
    pen.text(1.3 * bar, middle, 0.4 * bar, "Anna shared a photo")


def _telephone_bottom(pen: _Pen, top: int, height: int) -> None:
    middle = top + height / 2
    radius = 0.25 * height
    for number in range(4):
        x = pen.width * (number + 0.5) / 4
        pen.disc(x, middle, radius, pen.theme.ink if number else "#3f7de0")
        pen.disc(x, middle, 0.6 * radius, pen.theme.bar)
