"""Grey levels worked out where they are needed have the bits of those worked out at once."""

import io

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image
from skimage.color import rgb2gray, rgba2rgb

from imgsig import CorruptImageError, generate_signature, pixels
from imgsig.color_levels import ColorLevels
from imgsig.grid import Grid
from imgsig.image import grey_levels, read_levels
from imgsig.levels import FloatLevels, StoredLevels, most_change_of
from imgsig.signature import (
    bin_differences,
    grid_points,
    mean_levels,
    neighbor_differences,
    sampled_window,
)

SIZES = st.integers(2, 130)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "CMYK", "L"])
def test_decoded_pictures_have_the_levels_of_their_pixels(mode):
    noise = np.random.default_rng(1).integers(0, 256, (90, 70, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).convert(mode).save(buffer, "tiff")
    picture = Image.open(io.BytesIO(buffer.getvalue()))
    if mode == "L":
        expected = np.asarray(picture)
    else:
        colors = np.asarray(picture.convert("RGBA" if mode == "RGBA" else "RGB"))
        expected = rgb2gray(rgba2rgb(colors) if mode == "RGBA" else colors)
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


@pytest.mark.slow
def test_with_a_blas_that_is_not_uniform_the_picture_is_converted_at_once(many, monkeypatch):
    monkeypatch.setattr(pixels, "blas_is_uniform", lambda: False)
    monkeypatch.setattr(ColorLevels, "region", None)
    for name, data, expected in many[:60]:
        np.testing.assert_array_equal(generate_signature(data), expected, err_msg=name)


def signature_of_checked(grey):
    levels = StoredLevels(grey, most_change_of(grey))
    means = mean_levels(levels, *grid_points(sampled_window(levels, (5, 95))))
    return bin_differences(neighbor_differences(means, Grid())).ravel()


@given(
    height=st.integers(2, 220),
    width=st.integers(2, 220),
    scale=st.sampled_from([1.0, 1e-300, 1e-12, 255.0, 1e9, 1e200]),
    border=st.integers(0, 90),
    seed=st.integers(0, 2**32 - 1),
)
@example(height=200, width=200, scale=1.0, border=90, seed=0)
def test_signatures_are_those_of_levels_checked_before(height, width, scale, border, seed):
    grey = np.random.default_rng(seed).random((height, width)) * scale
    grey[: min(border, height - 1)] = scale
    np.testing.assert_array_equal(generate_signature(grey), signature_of_checked(grey))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@given(row=st.integers(0, 89), column=st.integers(0, 99), plain=st.booleans())
def test_one_level_that_is_none_is_found_wherever_it_is(bad, row, column, plain):
    grey = np.zeros((90, 100)) if plain else np.random.default_rng(1).random((90, 100))
    grey[row, column] = bad
    with pytest.raises(CorruptImageError, match="NaN or infinity"):
        generate_signature(grey)
    with pytest.raises(CorruptImageError, match="NaN or infinity"):
        grey_levels(grey)


def test_levels_within_one_are_confirmed_as_they_are():
    levels = read_levels(np.random.default_rng(0).random((80, 90)) * 2 - 1)
    assert isinstance(levels, FloatLevels)
    assert levels.confirmed() is levels


def test_larger_levels_are_looked_at_again_with_what_is_known_of_them():
    grey = np.random.default_rng(0).random((80, 90)) * 255
    confirmed = read_levels(grey).confirmed()
    assert type(confirmed) is StoredLevels
    assert confirmed.most_change == pytest.approx(most_change_of(grey))


@given(seed=st.integers(0, 2**32 - 1), scale=st.sampled_from([1e-170, 1e-3, 1.0, 1e170]))
def test_changes_never_exceed_the_bound(seed, scale):
    rng = np.random.default_rng(seed)
    grey = rng.choice([-scale, 0, scale / 3, scale], (9, 7))
    for levels in (grey, np.asfortranarray(grey), (grey / scale).astype(np.float32)):
        for axis in (0, 1):
            assert np.abs(np.diff(levels, axis=axis)).sum() <= most_change_of(levels) * (1 + 1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_what_is_not_finite_is_found(bad, dtype):
    grey = np.zeros((5, 6), dtype=dtype)
    grey[2, 3] = bad
    assert np.isnan(most_change_of(grey))


def test_large_finite_levels_are_not_taken_for_infinite():
    assert np.isfinite(most_change_of(np.full((3, 3), 1e200)))
