"""Set into a frame, between bars or among other pictures; corners cut round."""

import math

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageOps

from datasets.transforms.overlays import drawing_side

COLOURS = ("#ffffff", "#000000", "#808080", "#f3ead7", "#b3202c", "#1d3f72")  # of borders
GAP = 0.02  # of a cell's shorter side, white between the pictures of a collage


def pad(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """A black border around the whole picture.

    ``pad-10`` adds 10 % of the width on the left and on the right, and 10 % of the height above and
    below: the aspect ratio stays.
    """
    x, y = (round(side * strength / 100) for side in image.size)
    return ImageOps.expand(image, border=(x, y))


def letterbox(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """Black bars above and below the whole picture, as a wide film has on a screen.

    ``letterbox-20`` is perception's ``pad0.2``: 20 % of the height on either side.
    """
    return ImageOps.expand(image, border=(0, round(image.height * strength / 100)))


def border(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """A frame of one colour around the whole picture, as wide on all four sides.

    The colour is white, black, grey, cream, red or blue, at random.
    """
    colour = COLOURS[rng.integers(len(COLOURS))]
    width = round(min(image.size) * strength / 100)
    return ImageOps.expand(image, width, ImageColor.getcolor(colour, image.mode))


def rounded_corners(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The four corners rounded off, as on a page of cards: what is cut off is white."""
    radius = round(min(image.size) * strength / 100)
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


def collage(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The whole picture in a grid of that many, at a random place, with made-up neighbours.

    Cells have the picture's aspect ratio, and the grid as many columns as makes it as square as the
    number allows (2 stand side by side); the last row is centred. The copy is about as wide as the
    picture was. Neighbours are soft fields of colour with discs and bars, random, so that no other
    original of a collection is in it.
    """
    number = int(strength)
    place = int(rng.integers(number))
    if number == 1:
        return image
    columns = math.ceil(math.sqrt(number))
    rows = math.ceil(number / columns)
    width, height = (max(1, round(side / columns)) for side in image.size)
    gap = round(GAP * min(width, height))
    size = (columns * (width + gap) - gap, rows * (height + gap) - gap)
    grid = Image.new(image.mode, size, "white")
    for cell in range(number):
        row, column = divmod(cell, columns)
        missing = columns - min(columns, number - row * columns)
        left = column * (width + gap) + missing * (width + gap) // 2
        if cell == place:
            picture = image.resize((width, height), Image.Resampling.LANCZOS)
        else:
            picture = _made_up(width, height, rng).convert(image.mode)
        grid.paste(picture, (left, row * (height + gap)))
    return grid


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
