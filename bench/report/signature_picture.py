"""A signature as a small picture: every grid point a block, every neighbour a cell of it."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.report.template import data_address
from imgsig import Grid

#: From −2 to 2: ColorBrewer's PuOr, whose ends colour-blind readers tell apart.
_VALUES = ("#b35806", "#fdb863", "#f7f7f7", "#b2abd2", "#542788")
#: From values that are equal to such that are as far apart as can be.
_APART = ("#f7f7f7", "#cccccc", "#969696", "#525252", "#000000")


def signature_picture(signature: NDArray[np.int8], grid: Grid) -> str:
    """Draw a signature.

    Parameters
    ----------
    signature : ndarray
        ``int8[length]``, −2 to 2.

    Returns
    -------
    str
        A ``data:`` address of a PNG, three pixels a grid point each way; the middle one is of no
        value.
    """
    return _drawn(signature.astype(np.intp) + 2, grid, _VALUES, middle=2)


def difference_picture(a: NDArray[np.int8], b: NDArray[np.int8], grid: Grid) -> str:
    """Draw where two signatures differ, the darker the more.

    Parameters
    ----------
    a, b : ndarray
        ``int8[length]``, −2 to 2.
    """
    return _drawn(np.abs(a.astype(np.intp) - b), grid, _APART, middle=0)


def _drawn(places: NDArray[np.intp], grid: Grid, colors: tuple[str, ...], middle: int) -> str:
    cells = np.full((grid.n, grid.n, 3, 3), middle, dtype=np.uint8)
    values = places.reshape(grid.n, grid.n, len(grid.neighbors))
    for index, (down, right) in enumerate(grid.neighbors):
        cells[:, :, 1 + down, 1 + right] = values[:, :, index]
    side = 3 * grid.n
    image = Image.fromarray(cells.transpose(0, 2, 1, 3).reshape(side, side), "P")
    image.putpalette(bytes.fromhex("".join(color[1:] for color in colors)))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return data_address("image/png", buffer.getvalue())
