"""Tiles: textured squares of photographs, as further originals."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from datasets.collection import Box

#: Sides in pixels of the default tiles.
DEFAULT_SIDES = (256, 192, 160, 128, 112, 96)

#: A tile is cut into 4×4 blocks; a block is textured if the standard deviation of its grey levels
#: (of 0..255) is at least this, and the tile if at least so many of its 16 blocks are. Squares of
#: plain wall, sky, black background or one straight edge are left out: nobody searches for them,
#: and having hardly any grey-level differences their words are those of every other plain square.
BLOCKS = 4
MIN_DEVIATION = 6.0
MIN_BLOCKS = 14

#: Smaller squares have blocks of too few pixels to tell texture.
MIN_SIDE = 16


def textured_tiles(picture: Image.Image, sides: Sequence[int] = DEFAULT_SIDES) -> list[Box]:
    """Cut an ``L`` or ``RGB`` picture into squares and keep those that are textured all over.

    The squares of one side do not overlap; those of different sides do. What is left over at the
    right and lower edge is not used. They come by side in the order given, each row by row.

    Examples
    --------
    >>> noise = np.random.default_rng(0).integers(0, 256, (100, 230), dtype=np.uint8)
    >>> noise[:, :100] = 128
    >>> textured_tiles(Image.fromarray(noise), sides=[100])
    [(100, 0, 200, 100)]
    """
    levels = np.asarray(picture.convert("L"), dtype=np.float32)
    boxes = []
    for side in sides:
        rows, columns, block = levels.shape[0] // side, levels.shape[1] // side, side // BLOCKS
        if not rows or not columns:
            continue
        squares = levels[: rows * side, : columns * side].reshape(rows, side, columns, side)
        blocks = squares[:, : block * BLOCKS, :, : block * BLOCKS].reshape(
            rows, BLOCKS, block, columns, BLOCKS, block
        )
        deviation = blocks.std(axis=(2, 5), dtype=np.float64)
        textured = (deviation >= MIN_DEVIATION).sum(axis=(1, 3))
        for row, column in np.argwhere(textured >= MIN_BLOCKS).tolist():
            left, upper = column * side, row * side
            boxes.append((left, upper, left + side, upper + side))
    return boxes
