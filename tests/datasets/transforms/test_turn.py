import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Turn

PIXELS = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
IMAGE = Image.fromarray(PIXELS)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_turns_counter_clockwise_and_loses_nothing(degrees: int) -> None:
    copy = Turn(degrees)(IMAGE, np.random.default_rng(0))
    np.testing.assert_array_equal(np.asarray(copy), np.rot90(PIXELS, degrees // 90))


@pytest.mark.parametrize(("degrees", "times"), [(90, 4), (180, 2), (270, 4)])
def test_often_enough_is_the_picture(degrees: int, times: int) -> None:
    copy = IMAGE
    for _ in range(times):
        copy = Turn(degrees)(copy, np.random.default_rng(0))
    assert (copy.size, copy.tobytes()) == (IMAGE.size, IMAGE.tobytes())
