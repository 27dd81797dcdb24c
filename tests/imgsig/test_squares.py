"""Squares added up as lines have the sums of squares added up one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgsig import squares
from imgsig.color_levels import ColorLevels, to_grey
from imgsig.levels import StoredLevels, most_change_of
from imgsig.squares import are_added_as_lines, common_size

LAYOUTS = {
    "C": lambda grey: grey,
    "Fortran": np.asfortranarray,
    "upside down": lambda grey: grey[::-1],
    "every other": lambda grey: grey.repeat(2, axis=1)[:, ::2],
    "part": lambda grey: np.pad(grey, 3)[3:-3, 3:-3],
}


def edges(rng, size, side, count=4):
    first = np.sort(rng.integers(0, size - side + 1, count))
    return first, first + side


def test_this_numpy_adds_up_squares_as_lines():
    # False costs time only, but it should be known.
    assert are_added_as_lines()


@pytest.mark.parametrize("layout", LAYOUTS)
@given(
    height=st.integers(1, 100),
    width=st.integers(1, 100),
    more=st.integers(0, 40),
    dtype=st.sampled_from([np.float64, np.uint8, np.int64, np.bool_, np.float32]),
    seed=st.integers(0, 2**32 - 1),
)
def test_means_are_those_of_each_square(layout, height, width, more, dtype, seed):
    rng = np.random.default_rng(seed)
    grey = rng.random((height + more, width + more))
    if dtype not in (np.float64, np.float32):
        grey *= 255
    grey = LAYOUTS[layout](grey.astype(dtype))
    rows, columns = edges(rng, height + more, height), edges(rng, width + more, width)
    expected = [
        [grey[top:bottom, left:right].mean() for left, right in zip(*columns, strict=True)]
        for top, bottom in zip(*rows, strict=True)
    ]
    levels = StoredLevels(grey, most_change_of(grey))
    np.testing.assert_array_equal(levels.square_means(rows, columns), expected)


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("side", [2, 7, 26, 90, 91, 130])
def test_means_of_colours_are_those_of_all_their_levels(side, channels):
    rng = np.random.default_rng(side)
    pixels = rng.integers(0, 256, (side + 60, side + 90, channels), dtype=np.uint8)
    grey, levels = to_grey(pixels), ColorLevels.of_array(pixels)
    rows, columns = edges(rng, side + 60, side, 9), edges(rng, side + 90, side, 9)
    expected = StoredLevels(grey, most_change_of(grey)).square_means(rows, columns)
    np.testing.assert_array_equal(levels.square_means(rows, columns), expected)


def test_what_numpy_adds_up_in_another_order_is_left_to_it(monkeypatch):
    alike = np.array([0, 50]), np.array([90, 140])
    assert common_size(alike, alike) == (90, 90)
    larger = np.array([0, 50]), np.array([91, 141])
    assert common_size(larger, larger) is None  # than numpy's buffer
    monkeypatch.setattr(squares, "are_added_as_lines", lambda: False)
    assert common_size(alike, alike) is None
