import numpy as np
from PIL import Image

from datasets.transforms import Letterbox


def test_black_bars_of_a_fifth_of_the_height_above_and_below() -> None:
    image = Image.new("RGB", (200, 100), (10, 100, 200))
    copy = np.asarray(Letterbox(20)(image, np.random.default_rng(0)))
    assert copy.shape == (140, 200, 3)
    np.testing.assert_array_equal(copy[20:-20], np.asarray(image))
    assert not copy[:20].any()
    assert not copy[-20:].any()
