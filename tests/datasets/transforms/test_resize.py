import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Resize


@pytest.mark.parametrize(
    ("percent", "size"), [(50, (100, 60)), (200, (400, 240)), (25, (50, 30)), (1, (2, 1))]
)
def test_both_sides_take_the_percentage(percent: float, size: tuple[int, int]) -> None:
    assert Resize(percent)(Image.new("RGB", (200, 120)), np.random.default_rng(0)).size == size


def test_the_whole_picture_is_kept() -> None:
    pixels = np.zeros((80, 80), np.uint8)
    pixels[:40, :40] = 200
    copy = np.asarray(Resize(25)(Image.fromarray(pixels), np.random.default_rng(0)))
    assert copy[2:8, 2:8].min() >= 195
    assert copy[12:, 12:].max() <= 5


def test_half_a_checkerboard_is_grey_not_black_or_white() -> None:
    board = (np.indices((64, 64)).sum(axis=0) % 2 * 255).astype(np.uint8)
    copy = np.asarray(Resize(50)(Image.fromarray(board), np.random.default_rng(0)))
    assert np.abs(copy[4:-4, 4:-4].astype(int) - 127).max() <= 2
