import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Thumbnail


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((640, 427), (64, 43)),
        ((427, 640), (43, 64)),
        ((65, 65), (64, 64)),
        ((64, 20), (64, 20)),
        ((16, 16), (16, 16)),
        ((5000, 10), (64, 1)),
    ],
)
def test_the_longer_side_is_64_at_most(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert Thumbnail(64)(Image.new("L", size), np.random.default_rng(0)).size == expected
