import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Contrast


@pytest.mark.parametrize(
    ("factor", "values"), [(0.5, [75, 100, 125]), (1.5, [25, 100, 175]), (5, [0, 100, 255])]
)
def test_differences_from_the_mean_are_multiplied(factor: float, values: list[int]) -> None:
    image = Image.fromarray(np.array([[50, 100, 150]], np.uint8))
    copy = Contrast(factor)(image, np.random.default_rng(0))
    np.testing.assert_array_equal(np.asarray(copy), [values])
