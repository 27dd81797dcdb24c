import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Brightness


@pytest.mark.parametrize(
    ("factor", "values"), [(0.5, [0, 50, 100]), (1.25, [0, 125, 250]), (2, [0, 200, 255])]
)
def test_values_are_multiplied_and_clipped(factor: float, values: list[int]) -> None:
    image = Image.fromarray(np.array([[0, 100, 200]], np.uint8))
    copy = Brightness(factor)(image, np.random.default_rng(0))
    np.testing.assert_array_equal(np.asarray(copy), [values])
