"""One of several pictures."""

import math
from typing import ClassVar

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw

from datasets.transforms.base import Transform

GAP = 0.02  # of a cell's shorter side, white between the pictures


class Collage(Transform):
    """The whole picture in a grid of that many, at a random place, with made-up neighbours.

    Cells have the picture's aspect ratio, and the grid as many columns as makes it as square as the
    number allows (2 stand side by side); the last row is centred. The copy is about as wide as the
    picture was. Neighbours are soft fields of colour with discs and bars, random, so that no other
    original of a collection is in it.
    """

    family: ClassVar[str] = "collage"
    meaning: ClassVar[str] = "number of pictures"
    limits: ClassVar[tuple[float, float]] = (1, 9)
    neutral: ClassVar[float] = 1
    typical: ClassVar[float] = 4
    step: ClassVar[float | None] = 1

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        number = int(self.strength)
        place = int(rng.integers(number))
        if number == 1:
            return image
        columns = math.ceil(math.sqrt(number))
        rows = math.ceil(number / columns)
        width, height = (max(1, round(side / columns)) for side in image.size)
        gap = round(GAP * min(width, height))
        size = (columns * (width + gap) - gap, rows * (height + gap) - gap)
        collage = Image.new(image.mode, size, "white")
        for cell in range(number):
            row, column = divmod(cell, columns)
            missing = columns - min(columns, number - row * columns)
            left = column * (width + gap) + missing * (width + gap) // 2
            if cell == place:
                picture = image.resize((width, height), Image.Resampling.LANCZOS)
            else:
                picture = _made_up(width, height, rng).convert(image.mode)
            collage.paste(picture, (left, row * (height + gap)))
        return collage


def _made_up(width: int, height: int, rng: Generator) -> Image.Image:
    tone = rng.integers(60, 196, size=3)
    field = (tone + rng.integers(-60, 61, size=(4, 5, 3))).astype(np.uint8)
    picture = Image.fromarray(field).resize((width, height), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(6):
        x, y, across, down = rng.uniform(size=4) * (width, height, width / 4, height / 4)
        colour = tuple((tone + rng.integers(-60, 61, size=3)).tolist())
        shape = draw.ellipse if rng.integers(2) else draw.rectangle
        shape((x - across, y - down, x + across, y + down), fill=colour)
    return picture
