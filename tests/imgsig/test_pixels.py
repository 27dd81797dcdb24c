"""Pixels lent by Pillow are the picture's."""

import gc
import io

import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imgsig.pixels import lent_pixels


def noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@given(height=st.integers(1, 60), width=st.integers(1, 60), seed=st.integers(0, 99))
def test_they_are_those_of_the_picture(height, width, seed):
    pixels = noise(height, width, seed)
    np.testing.assert_array_equal(lent_pixels(Image.fromarray(pixels))[:, :, :3], pixels)


@pytest.mark.parametrize("format_", ["png", "jpeg", "webp", "bmp", "tiff", "gif"])
def test_they_are_those_of_a_file(format_):
    buffer = io.BytesIO()
    Image.fromarray(noise(50, 70)).save(buffer, format_)
    picture = Image.open(buffer).convert("RGB")
    np.testing.assert_array_equal(lent_pixels(picture)[:, :, :3], np.asarray(picture))


def test_they_outlive_the_picture():
    pixels = noise(300, 400)
    picture = Image.fromarray(pixels)
    lent = lent_pixels(picture)[5:, 7:]
    picture.close()
    del picture
    gc.collect()
    others = [Image.new("RGB", (400, 300), "red") for _ in range(20)]
    np.testing.assert_array_equal(lent[:, :, :3], pixels[5:, 7:])
    assert len(others) == 20


def test_they_are_given_back():
    process = psutil.Process()
    before = process.memory_info().rss
    for _ in range(100):  # 480 MB, were they not
        assert lent_pixels(Image.new("RGB", (1200, 1000))).size == 4_800_000
    assert process.memory_info().rss - before < 100_000_000


def test_they_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        lent_pixels(Image.new("RGB", (2, 2)))[0, 0] = 1


def test_pictures_in_several_pieces_of_memory_are_not_lent():
    picture = Image.new("RGB", (4000, 2000))
    assert lent_pixels(picture) is None
    assert lent_pixels(Image.new("L", (20, 10))) is None
