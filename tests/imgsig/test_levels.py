"""Grey levels worked out piece by piece have the bits of those worked out at once."""

import io

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image
from skimage.color import rgb2gray, rgba2rgb

from imgsig import generate_signature, image
from imgsig.color_levels import ColorLevels
from imgsig.crop import limits_of_total, line_changes, most_change_of
from imgsig.grey import to_grey
from imgsig.image import read_levels
from imgsig.levels import StoredLevels
from imgsig.sampling import grid_points, mean_levels, sampled_window

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


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "CMYK", "L"])
def test_decoded_pictures_have_the_levels_of_their_pixels(mode):
    noise = np.random.default_rng(1).integers(0, 256, (90, 70, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).convert(mode).save(buffer, "tiff")
    picture = Image.open(io.BytesIO(buffer.getvalue()))
    if mode == "L":
        expected = np.asarray(picture)
    else:
        pixels = np.asarray(picture.convert("RGBA" if mode == "RGBA" else "RGB"))
        expected = rgb2gray(rgba2rgb(pixels) if mode == "RGBA" else pixels)
    levels = read_levels(buffer.getvalue())
    np.testing.assert_array_equal(levels.region(3, 80, 5, 6), expected[3:80, 5:6])
    np.testing.assert_array_equal(levels.whole(), expected)


def test_limits_and_means_of_photographs_are_those_of_all_pixels(golden_paths):
    for path in golden_paths:
        levels = read_levels(path)
        grey = levels.whole()
        at_once = StoredLevels(grey, most_change_of(grey))
        window = sampled_window(levels, (5, 95))
        assert window == sampled_window(at_once, (5, 95))
        points = grid_points(window)
        np.testing.assert_array_equal(
            mean_levels(levels, *points), mean_levels(at_once, *points), err_msg=path.name
        )


def test_with_a_blas_that_is_not_uniform_the_picture_is_converted_at_once(many, monkeypatch):
    monkeypatch.setattr(image, "blas_is_uniform", lambda: False)
    monkeypatch.setattr(ColorLevels, "region", None)
    for name, data, expected in many[:60]:
        np.testing.assert_array_equal(generate_signature(data), expected, err_msg=name)


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
