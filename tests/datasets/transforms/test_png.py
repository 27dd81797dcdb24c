import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Png


@pytest.mark.parametrize("shape", [(37, 53), (37, 53, 3)])
def test_nothing_is_lost(shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    copy = Png()(Image.fromarray(pixels), np.random.default_rng(0))
    np.testing.assert_array_equal(np.asarray(copy), pixels)
