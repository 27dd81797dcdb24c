"""How textured a picture is: a number that tells plain pictures from busy ones of any size."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: Pixels a side that a picture is reduced to before it is looked at, so that size does not count.
REDUCED = 64
#: Blocks a side of the reduced picture.
BLOCKS = 4


def texture(picture: Image.Image) -> float:
    """Mean standard deviation of grey levels (of 0..255) in the blocks of the reduced picture.

    >>> texture(Image.new("L", (200, 100), 90))
    0.0
    """
    reduced = picture.convert("L").resize((REDUCED, REDUCED), Image.Resampling.BOX)
    side = REDUCED // BLOCKS
    blocks = np.asarray(reduced, dtype=np.float64).reshape(BLOCKS, side, BLOCKS, side)
    return float(blocks.std(axis=(1, 3)).mean())


def deciles(textures: NDArray[np.float64], of: NDArray[np.float64]) -> NDArray[np.int64]:
    """Decile of each texture among others, 1 (the plainest tenth) to 10; 0 where it is NaN.

    >>> deciles(np.array([0.0, 5.5, 99.0, np.nan]), np.arange(11.0)).tolist()
    [1, 6, 10, 0]
    """
    known = of[~np.isnan(of)]
    if not len(known):
        return np.zeros(len(textures), dtype=np.int64)
    edges = np.quantile(known, np.arange(1, 10) / 10)
    decile = np.searchsorted(edges, textures, side="right") + 1
    return np.where(np.isnan(textures), 0, decile)
