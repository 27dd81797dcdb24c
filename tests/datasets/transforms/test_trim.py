import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Trim


def test_the_middle_is_left() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (100, 200, 3), dtype=np.uint8)
    copy = Trim(5)(Image.fromarray(pixels), np.random.default_rng(0))
    np.testing.assert_array_equal(np.asarray(copy), pixels[5:-5, 10:-10])


@pytest.mark.parametrize("side", [1, 2, 3, 16])
def test_a_pixel_is_always_left(side: int) -> None:
    copy = Trim(45)(Image.new("L", (side, side)), np.random.default_rng(0))
    assert min(copy.size) >= 1
