import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Crop

# Each pixel holds where it is.
ROWS, COLUMNS = np.mgrid[:120, :200].astype(np.uint8)
IMAGE = Image.fromarray(np.dstack([ROWS, COLUMNS, np.zeros_like(ROWS)]))


@pytest.mark.parametrize("percent", [0, 10, 20, 50, 80, 95])
@pytest.mark.parametrize("seed", range(5))
def test_a_window_of_the_picture_without_that_share_of_its_surface(percent: int, seed: int) -> None:
    copy = np.asarray(Crop(percent)(IMAGE, np.random.default_rng(seed)))
    top, left = copy[0, 0, :2]
    height, width = copy.shape[:2]
    np.testing.assert_array_equal(copy, np.asarray(IMAGE)[top : top + height, left : left + width])
    assert height * width / (120 * 200) == pytest.approx(1 - percent / 100, abs=0.01)
    assert width / height == pytest.approx(200 / 120, rel=0.02)


def test_windows_reach_every_edge_and_differ() -> None:
    corners = {
        tuple(np.asarray(Crop(5)(IMAGE, np.random.default_rng(seed)))[0, 0, :2].tolist())
        for seed in range(300)
    }
    tops, lefts = zip(*corners, strict=True)
    assert set(tops) == set(range(120 - 117 + 1))
    assert set(lefts) == set(range(200 - 195 + 1))
