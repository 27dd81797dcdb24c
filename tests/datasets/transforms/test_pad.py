import numpy as np
from PIL import Image

from datasets.transforms import Pad


def test_the_picture_stands_in_the_middle_of_black() -> None:
    image = Image.new("RGB", (200, 100), (10, 100, 200))
    copy = np.array(Pad(10)(image, np.random.default_rng(0)))
    assert copy.shape == (120, 240, 3)
    np.testing.assert_array_equal(copy[10:-10, 20:-20], np.asarray(image))
    copy[10:-10, 20:-20] = 0
    assert not copy.any()
