import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from datasets.transforms import Text

GREY = 100


def changed(size: tuple[int, int], seed: int, mode: str = "L") -> NDArray[np.bool_]:
    flat = Image.new(mode, size, GREY if mode == "L" else (GREY,) * 3)
    copy = np.asarray(Text()(flat, np.random.default_rng(seed)))
    different: NDArray[np.bool_] = copy != GREY
    return different if mode == "L" else np.logical_or.reduce(different, axis=2)


@pytest.mark.parametrize("size", [(320, 240), (240, 320), (1600, 1200), (3000, 100)])
@pytest.mark.parametrize("seed", range(8))
def test_caption_lies_within_the_picture_and_fits_its_shares(
    size: tuple[int, int], seed: int
) -> None:
    rows, columns = np.nonzero(changed(size, seed))
    width = np.ptp(columns) + 1
    height = np.ptp(rows) + 1
    edges = 0.2 * size[1] / 15 * 2 + 4
    assert width <= 0.7 * size[0] + edges
    assert height <= 0.2 * size[1] + edges
    assert width >= 0.5 * size[0] or height >= 0.1 * size[1]


def test_letters_are_white_with_a_black_edge() -> None:
    flat = Image.new("RGB", (320, 240), (200, 30, 30))
    colours = {tuple(c) for c in np.asarray(Text()(flat, np.random.default_rng(0))).reshape(-1, 3)}
    assert {(255, 255, 255), (0, 0, 0)} <= colours


@pytest.mark.parametrize("size", [(32, 32), (64, 64), (640, 480)])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_something_is_written_at_every_size(size: tuple[int, int], mode: str) -> None:
    share = changed(size, 3, mode).mean()
    assert 0.01 < share < 0.2


def test_seeds_differ_in_caption_and_place() -> None:
    assert len({changed((320, 240), seed).tobytes() for seed in range(20)}) == 20
