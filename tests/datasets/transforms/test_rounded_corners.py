import math

import numpy as np
import pytest
from PIL import Image

from datasets.transforms import RoundedCorners


@pytest.mark.parametrize("percent", [10, 25, 50])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_corners_are_white_and_the_rest_stays(percent: int, mode: str) -> None:
    copy = RoundedCorners(percent)(Image.new(mode, (300, 200)), np.random.default_rng(0))
    values = np.asarray(copy.convert("L"))
    assert values[0, 0] == values[0, -1] == values[-1, 0] == values[-1, -1] == 255
    radius = 2 * percent
    assert not values[radius : 200 - radius].any()
    assert not values[:, radius : 300 - radius].any()
    lost = (4 - math.pi) * radius**2  # four corners of a square around a circle
    assert values.sum() / 255 == pytest.approx(lost, rel=0.03)


def test_all_four_are_alike() -> None:
    copy = np.asarray(RoundedCorners(30)(Image.new("L", (90, 60)), np.random.default_rng(0)))
    np.testing.assert_array_equal(copy, copy[::-1])
    np.testing.assert_array_equal(copy, copy[:, ::-1])
