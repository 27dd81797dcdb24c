import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Emoji
from datasets.transforms.emoji import DRAWINGS


@pytest.mark.parametrize("size", [(300, 200), (200, 300), (16, 16)])
@pytest.mark.parametrize("seed", range(8))
def test_a_third_of_the_shorter_side_within_the_picture(size: tuple[int, int], seed: int) -> None:
    copy = np.asarray(Emoji(33)(Image.new("RGB", size, (0, 0, 255)), np.random.default_rng(seed)))
    rows, columns = np.nonzero((copy != (0, 0, 255)).any(axis=2))
    side = 0.33 * min(size)
    assert side - 2 <= np.ptp(columns) + 1 <= side + 1
    assert 0.9 * side - 2 <= np.ptp(rows) + 1 <= side + 1


def test_every_drawing_comes_and_is_yellow_or_red() -> None:
    blue = Image.new("RGB", (60, 60), (0, 0, 255))
    copies = [np.asarray(Emoji(100)(blue, np.random.default_rng(s))) for s in range(40)]
    assert len({copy.tobytes() for copy in copies}) == len(DRAWINGS)
    for copy in copies:
        yellow_or_red = (copy[:, :, 0] > 200) & (copy[:, :, 2] < 100)
        assert yellow_or_red.mean() > 0.35


def test_places_differ() -> None:
    image = Image.new("L", (300, 200))
    assert len({Emoji(20)(image, np.random.default_rng(s)).tobytes() for s in range(20)}) == 20
