"""Printed on paper and scanned."""

from typing import ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from datasets.transforms.base import Transform

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


class PrintScan(Transform):
    """The look of a print that was scanned: ours, not a model of any printer or scanner.

    On white paper a little crooked; blacks washed out, whites yellowish; a soft dot screen; shade
    towards one end, streaks and grain. Angle, shade, streaks and grain are random. Every defect is
    in proportion to the strength.
    """

    family: ClassVar[str] = "print-scan"
    meaning: ClassVar[str] = "defects, where 1 is a home printer and 0 is none"
    limits: ClassVar[tuple[float, float]] = (0, 3)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 1

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        angle = rng.uniform(-CROOKED, CROOKED) * self.strength
        white = 255 if image.mode == "L" else (255, 255, 255)
        sheet = ImageOps.expand(image, round(MARGIN * self.strength * min(image.size)), white)
        sheet = sheet.rotate(angle, Image.Resampling.BILINEAR, fillcolor=white)
        sheet = sheet.point(self._tones(len(image.getbands())))
        sheet = sheet.filter(ImageFilter.GaussianBlur(BLUR * self.strength * max(image.size)))
        return self._scanned(sheet, rng)

    def _tones(self, bands: int) -> list[int]:
        values = (np.arange(256) / 255) ** (1 + GAIN * self.strength)
        curves = []
        for ink, paper in zip(INK[:bands], PAPER[:bands], strict=True):
            low, high = self.strength * ink, 1 - self.strength * (1 - paper)
            curves += np.rint(255 * (low + (high - low) * values)).astype(int).tolist()
        return curves

    def _scanned(self, sheet: Image.Image, rng: Generator) -> Image.Image:
        pixels = np.array(sheet)  # uint8, (height, width) or (height, width, 3)
        values = pixels.reshape(sheet.height, sheet.width, -1)
        height, width = values.shape[:2]
        shade = rng.uniform(-1, 1, size=2) * SHADE * self.strength  # across, and down
        streaks = rng.standard_normal(width, dtype=np.float32) * np.float32(STREAKS * self.strength)
        pitch = max(3.0, PITCH * max(sheet.size))
        across = _ramp(width, shade[0]), _dots(width, pitch, SCREEN * self.strength) + streaks
        down = _ramp(height, shade[1]), _dots(height, pitch, SCREEN * self.strength)
        grain = np.float32(GRAIN * self.strength)
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
