"""Signatures as pictures: every value in its place."""

import base64
import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from bench.report.signature_picture import difference_picture, signature_picture
from imgsig import Grid


def cells(address: str) -> np.ndarray:
    content = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(content)))


@given(arrays(np.int8, 648, elements=st.integers(-2, 2)))
def test_all_values_can_be_read_back(signature):
    blocks = cells(signature_picture(signature, Grid())).reshape(9, 3, 9, 3).transpose(0, 2, 1, 3)
    flat = blocks.reshape(81, 9)
    assert (flat[:, 4] == 2).all()
    assert (np.delete(flat, 4, axis=1).astype(np.int8).ravel() - 2 == signature).all()


def test_a_difference_is_drawn_where_it_is():
    grid = Grid(3, diagonal_neighbors=False)
    a, b = np.zeros((2, grid.length), dtype=np.int8)
    a[4 * 4 + 2], b[4 * 4 + 2] = 2, -2  # the middle point and its right neighbour
    drawn = cells(difference_picture(a, b, grid))
    assert drawn.shape == (9, 9)
    assert np.argwhere(drawn).tolist() == [[4, 5]]
    assert drawn[4, 5] == 4
