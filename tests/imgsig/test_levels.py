"""Grey levels worked out piece by piece have the bits of those worked out at once."""

import io

import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import Image
from skimage.color import rgb2gray, rgba2rgb

from imgsig import generate_signature, image
from imgsig.color_levels import ColorLevels
from imgsig.image import read_levels
from imgsig.levels import StoredLevels
from imgsig.most_change import most_change_of
from imgsig.sampling import grid_points, mean_levels, sampled_window

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
