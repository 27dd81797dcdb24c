"""Which formats are read, and bringing pictures of every mode to grey levels or RGB."""

import numpy as np
import pytest
from PIL import Image

from datasets.collection import FORMATS, to_plain
from imgsig.image import FORMATS as SIGNED


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("1", "L"), ("L", "L"), ("I;16", "L"), ("P", "RGB"), ("RGB", "RGB"), ("CMYK", "RGB")],
)
def test_modes(mode, expected):
    assert to_plain(Image.new(mode, (8, 6))).mode == expected


def test_transparency_is_blended_over_white():
    assert to_plain(Image.new("RGBA", (4, 4), (0, 0, 0, 0))).getpixel((0, 0)) == (255, 255, 255)
    assert to_plain(Image.new("LA", (4, 4), (0, 0))).getpixel((0, 0)) == (255, 255, 255)


def test_a_colour_that_is_declared_transparent_stays_as_it_is():
    picture = Image.new("RGB", (4, 4), (1, 2, 3))
    picture.info["transparency"] = (1, 2, 3)
    assert to_plain(picture).getpixel((0, 0)) == (1, 2, 3)


def test_sixteen_bits_keep_their_order():
    levels = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    plain = np.asarray(to_plain(Image.fromarray(levels)))
    assert plain.min() == 0
    assert plain.max() == 255
    assert (np.diff(plain.ravel().astype(int)) >= 0).all()


def test_floats_are_levels_from_0_to_1():
    ramp = np.linspace(0, 1, 100, dtype=np.float32).reshape(10, 10)
    plain = np.asarray(to_plain(Image.fromarray(ramp)))
    assert (plain.min(), plain.max()) == (0, 255)


def test_what_is_opened_is_what_can_be_signed():
    assert FORMATS == SIGNED
