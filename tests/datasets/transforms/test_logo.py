import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from datasets.transforms import Logo


def changed(size: tuple[int, int], percent: float, seed: int) -> tuple[NDArray[np.intp], ...]:
    copy = np.asarray(Logo(percent)(Image.new("L", size, 0), np.random.default_rng(seed)))
    return np.nonzero(copy)


@pytest.mark.parametrize("seed", range(8))
def test_as_wide_as_asked_for_and_near_a_corner(seed: int) -> None:
    rows, columns = changed((400, 300), 40, seed)
    assert np.ptp(columns) + 1 == 160
    assert np.ptp(rows) + 1 == 40
    assert columns.min() == 9 or columns.max() == 400 - 1 - 9
    assert rows.min() == 9 or rows.max() == 300 - 1 - 9


def test_all_four_corners_come() -> None:
    starts = {tuple(each.min() for each in changed((400, 300), 40, seed)) for seed in range(30)}
    assert len(starts) == 4


def test_a_flat_picture_limits_it() -> None:
    rows, columns = changed((1000, 20), 100, 0)
    assert np.ptp(rows) + 1 == 20
    assert np.ptp(columns) + 1 == 80


def test_a_white_plate_with_one_colour() -> None:
    blue = Image.new("RGB", (400, 300), (0, 0, 255))
    copy = np.asarray(Logo(100)(blue, np.random.default_rng(0)))
    assert ((copy == 255).all(axis=2)).mean() > 0.15
