"""Captured again: on a screen with what else it shows, or from a print."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageFont, ImageOps

BAND = 128  # rows a step, so that a large photograph never exists as floats as a whole
INK = (0.11, 0.10, 0.12)  # black in print, of full scale, for red, green and blue
PAPER = (0.97, 0.95, 0.90)  # white
GAIN = 0.15  # exponent above 1: dots of ink spread
MARGIN = 0.02  # of the shorter side: paper around the print
CROOKED = 1.2  # degrees, at most
BLUR = 1 / 1200  # of the longer side
SHADE = 0.12  # darker at one end of the glass
SCREEN = 4.0  # levels: the dots of the print
PITCH = 1 / 250  # of the longer side, and at least 3 pixels
STREAKS, GRAIN = 1.2, 3.0  # levels, standard deviation: of the scanner's columns, and its pixels

ABOVE = 0.6  # of a screenshot's bars; the rest is below the picture
Box = tuple[float, float, float, float]


def print_scan(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The look of a print that was scanned: ours, not a model of any printer or scanner.

    On white paper a little crooked; blacks washed out, whites yellowish; a soft dot screen; shade
    towards one end, streaks and grain. Angle, shade, streaks and grain are random. Every defect is
    in proportion to the strength.
    """
    angle = rng.uniform(-CROOKED, CROOKED) * strength
    white = 255 if image.mode == "L" else (255, 255, 255)
    sheet = ImageOps.expand(image, round(MARGIN * strength * min(image.size)), white)
    sheet = sheet.rotate(angle, Image.Resampling.BILINEAR, fillcolor=white)
    sheet = sheet.point(_tones(strength, len(image.getbands())))
    sheet = sheet.filter(ImageFilter.GaussianBlur(BLUR * strength * max(image.size)))
    return _scanned(sheet, strength, rng)


def _tones(strength: float, bands: int) -> list[int]:
    values = (np.arange(256) / 255) ** (1 + GAIN * strength)
    curves = []
    for ink, paper in zip(INK[:bands], PAPER[:bands], strict=True):
        low, high = strength * ink, 1 - strength * (1 - paper)
        curves += np.rint(255 * (low + (high - low) * values)).astype(int).tolist()
    return curves


def _scanned(sheet: Image.Image, strength: float, rng: Generator) -> Image.Image:
    pixels = np.array(sheet)  # uint8, (height, width) or (height, width, 3)
    values = pixels.reshape(sheet.height, sheet.width, -1)
    height, width = values.shape[:2]
    shade = rng.uniform(-1, 1, size=2) * SHADE * strength  # across, and down
    streaks = rng.standard_normal(width, dtype=np.float32) * np.float32(STREAKS * strength)
    pitch = max(3.0, PITCH * max(sheet.size))
    across = _ramp(width, shade[0]), _dots(width, pitch, SCREEN * strength) + streaks
    down = _ramp(height, shade[1]), _dots(height, pitch, SCREEN * strength)
    grain = np.float32(GRAIN * strength)
    for top in range(0, height, BAND):
        rows = slice(top, top + BAND)
        light = 1 - (down[0][rows, None] + across[0])
        added = down[1][rows, None] + across[1]
        added += rng.standard_normal(added.shape, dtype=np.float32) * grain
        scanned = values[rows] * light[:, :, None] + added[:, :, None]
        values[rows] = np.rint(scanned, out=scanned).clip(0, 255)
    return Image.fromarray(pixels)


def _ramp(side: int, height: float) -> NDArray[np.float32]:
    """From 0 to the height along the side, or back from it where that is below 0."""
    rising = np.linspace(0, abs(height), side, dtype=np.float32)
    return rising if height > 0 else rising[::-1]


def _dots(side: int, pitch: float, levels: float) -> NDArray[np.float32]:
    """Half a dot screen: the sum of one across and one down is a grid of dots at 45 degrees."""
    places = np.arange(side) / pitch
    return (levels / 2 * np.cos(2 * np.pi * places)).astype(np.float32)


@dataclass(frozen=True)
class _Theme:
    bar: str
    strip: str
    field: str
    ink: str


LIGHT = _Theme("#f6f7f9", "#d9dee5", "#ffffff", "#3a3f47")
DARK = _Theme("#2b2d31", "#17181b", "#3d4046", "#d7dae0")


def screenshot(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The whole picture between the bars of a browser or of a telephone, light or dark.

    The picture keeps its pixels and fills the width; bars stand above and below it. Which of the
    two, and the theme, are random.
    """
    telephone, dark = (bool(draw) for draw in rng.integers(2, size=2))
    bars = round(image.height * strength / (100 - strength))
    above = round(ABOVE * bars)
    theme = DARK if dark else LIGHT
    size, colour = (image.width, image.height + bars), ImageColor.getcolor(theme.bar, image.mode)
    screen = Image.new(image.mode, size, colour)
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
        foot = top + 0.75 * status
        pen.box((left, foot - high, left + 0.2 * status, foot), "gray")
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
