"""Colours converted piece by piece have the levels of those converted at once."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imgsig.color_levels import ColorLevels
from imgsig.crop import limits_of_total, line_changes
from imgsig.grey import to_grey

SIZES = st.integers(2, 130)


@given(
    height=SIZES,
    width=SIZES,
    channels=st.sampled_from([3, 4]),
    dtype=st.sampled_from([np.uint8, np.uint16, np.float64]),
    seed=st.integers(0, 2**32 - 1),
)
@example(height=125, width=125, channels=4, dtype=np.uint8, seed=125)  # squares too large to share
def test_regions_and_squares_are_cut_from_the_whole(height, width, channels, dtype, seed):
    rng = np.random.default_rng(seed)
    pixels = rng.random((height, width, channels))
    if dtype != np.float64:
        pixels = (pixels * np.iinfo(dtype).max).astype(dtype)
    grey, levels = to_grey(pixels), ColorLevels.of_array(pixels)
    np.testing.assert_array_equal(levels.whole(), grey)
    (top, bottom), (left, right) = (
        sorted(rng.choice(size + 1, 2, replace=False)) for size in (height, width)
    )
    np.testing.assert_array_equal(
        levels.region(top, bottom, left, right), grey[top:bottom, left:right]
    )
    edges = []
    for size in (height, width):
        first = np.sort(rng.integers(0, size, 5))
        edges.append((first, np.minimum(first + rng.integers(1, size + 1), size)))
    means = [
        [grey[a:b, c:d].mean() for c, d in zip(*edges[1], strict=True)]
        for a, b in zip(*edges[0], strict=True)
    ]
    np.testing.assert_array_equal(levels.square_means(*edges), means)


@given(
    seed=st.integers(0, 2**32 - 1), axis=st.sampled_from([0, 1]), channels=st.sampled_from([3, 4])
)
def test_constant_lines_are_those_of_one_colour(seed, axis, channels):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 2, (*rng.integers(2, 6, 2), channels), dtype=np.uint8)
    if axis == 0:
        pixels[1] = pixels[1, 0]
    else:
        pixels[:, 1] = pixels[0, 1]
    levels = ColorLevels.of_array(pixels)
    height, width = levels.shape
    found = levels.constant_lines(0, height, 0, width, axis)
    lines = pixels if axis == 0 else pixels.swapaxes(0, 1)
    assert found.tolist() == [bool((line == line[0]).all()) for line in lines]
    changes = line_changes(levels.whole(), axis)
    assert not changes[found].any()


@pytest.mark.parametrize("border", [0, 1, 40, 100])
def test_a_plain_border_is_cut_off_as_if_every_line_were_added_up(border):
    rng = np.random.default_rng(border)
    pixels = np.full((230, 260, 3), 250, dtype=np.uint8)
    inside = pixels[border : 230 - border, 2 * border // 2 : 260 - border]
    inside[...] = rng.integers(0, 256, inside.shape)
    levels = ColorLevels.of_array(pixels)
    grey = levels.whole()
    for axis in (0, 1):
        expected = limits_of_total(np.cumsum(line_changes(grey, axis)), (5, 95))
        assert levels.limits(axis, (5, 95)) == expected
