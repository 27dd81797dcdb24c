"""Painted over."""

from typing import ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw

from datasets.transforms.base import Transform

COLOURS = ("#d62728", "#1f77b4", "#2ca02c", "#ffdd33", "#111111", "#f5f5f5")
POINTS = 24  # of a stroke
REACH = 0.5  # of the picture's width and height that a stroke runs at most
SKETCH = 256  # pixels of the longer side of what the share is measured on

Path = NDArray[np.float64]  # (points, 2): x and y as shares of width and height


class Paint(Transform):
    """Curved strokes of a broad brush, in six colours, until that much is covered.

    The last stroke may cover a little more. The broader the brush, the more is to be covered.
    """

    family: ClassVar[str] = "paint"
    meaning: ClassVar[str] = "percent of the surface covered"
    limits: ClassVar[tuple[float, float]] = (0, 80)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 15

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        share = self.strength / 100
        brush = 0.2 * share**0.5  # of the shorter side
        shrink = SKETCH / max(image.size)
        sketch = Image.new("L", [max(1, round(side * shrink)) for side in image.size])
        while np.count_nonzero(np.asarray(sketch)) < share * sketch.width * sketch.height:
            path = _stroke(rng)
            _draw(sketch, path, brush, 255)
            colour = COLOURS[rng.integers(len(COLOURS))]
            _draw(image, path, brush, ImageColor.getcolor(colour, image.mode))
        return image


def _stroke(rng: Generator) -> Path:
    start = rng.uniform(size=2)
    run = rng.uniform(-REACH, REACH, size=2)
    bend = rng.uniform(-REACH / 2, REACH / 2, size=2)
    steps = np.linspace(0, 1, POINTS)[:, None]
    path: Path = start + steps * run + 4 * steps * (1 - steps) * bend
    return path


def _draw(image: Image.Image, path: Path, brush: float, colour: int | tuple[int, ...]) -> None:
    width = max(1, round(brush * min(image.size)))
    points = [(float(x), float(y)) for x, y in path * image.size]
    draw = ImageDraw.Draw(image)
    draw.line(points, colour, width, joint="curve")
    for x, y in (points[0], points[-1]):  # the brush is round
        half = (width - 1) / 2
        draw.ellipse((x - half, y - half, x + half, y + half), fill=colour)
