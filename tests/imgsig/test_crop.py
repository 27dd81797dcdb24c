"""Cropping to where a picture changes."""

import numpy as np

from imgsig.crop import crop_window


def test_featureless_border_is_left_out():
    rng = np.random.default_rng(1)
    framed = np.zeros((200, 300))
    framed[60:140, 50:250] = rng.random((80, 200))
    (top, bottom), (left, right) = crop_window(framed)
    assert 58 <= top < bottom <= 140
    assert 48 <= left < right <= 250


def test_featureless_picture_takes_the_default_region():
    assert crop_window(np.zeros((100, 200))) == ((5, 95), (10, 190))


def test_fix_ratio_uses_the_longer_range_for_both():
    picture = np.random.default_rng(1).random((50, 120))
    (top, bottom), (left, right) = crop_window(picture, fix_ratio=True)
    assert (top, bottom) == (left, right)
    assert bottom - top > 60
