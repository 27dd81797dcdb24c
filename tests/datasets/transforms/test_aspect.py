import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Aspect


@pytest.mark.parametrize(
    ("percent", "size"), [(75, (150, 120)), (133, (266, 120)), (400, (800, 120)), (25, (50, 120))]
)
def test_the_width_takes_the_percentage_and_the_height_stays(
    percent: float, size: tuple[int, int]
) -> None:
    assert Aspect(percent)(Image.new("RGB", (200, 120)), np.random.default_rng(0)).size == size


def test_the_whole_picture_is_kept() -> None:
    pixels = np.zeros((40, 80), np.uint8)
    pixels[:, :40] = 200
    copy = np.asarray(Aspect(50)(Image.fromarray(pixels), np.random.default_rng(0)))
    assert copy[:, 2:17].min() >= 195
    assert copy[:, 23:].max() <= 5
