import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Watermark


@pytest.mark.parametrize("size", [(600, 400), (256, 256), (2000, 500)])
def test_a_fifth_of_the_width_in_the_lower_left_corner(size: tuple[int, int]) -> None:
    copy = np.asarray(Watermark(20)(Image.new("L", size, 255), np.random.default_rng(0)))
    rows, columns = np.nonzero(copy < 200)
    height = np.ptp(rows) + 1
    assert np.ptp(columns) + 1 == pytest.approx(0.2 * size[0], rel=0.03)
    assert columns.min() == pytest.approx(height, rel=0.1, abs=2)
    assert size[1] - 1 - rows.max() == pytest.approx(height, rel=0.1, abs=2)


def test_a_little_shines_through() -> None:
    copy = np.asarray(Watermark(50)(Image.new("L", (400, 200), 255), np.random.default_rng(0)))
    assert copy.min() == 55  # black, 200 parts of 255


def test_both_modes_get_the_same() -> None:
    grey, colour = (
        Watermark(20)(Image.new(mode, (300, 200), "white"), np.random.default_rng(0))
        for mode in ("L", "RGB")
    )
    assert grey.convert("RGB").tobytes() == colour.tobytes()
