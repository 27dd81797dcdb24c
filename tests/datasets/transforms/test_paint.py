import numpy as np
import pytest
from PIL import Image, ImageColor

from datasets.transforms import Paint
from datasets.transforms.paint import COLOURS


@pytest.mark.parametrize("size", [(300, 200), (1200, 900), (200, 600), (64, 64)])
@pytest.mark.parametrize("percent", [5, 15, 40, 80])
def test_that_much_is_covered(size: tuple[int, int], percent: int) -> None:
    image = Image.new("RGB", size, "cyan")
    copy = np.asarray(Paint(percent)(image, np.random.default_rng(1)))
    covered = 100 * (copy != (0, 255, 255)).any(axis=2).mean()
    assert percent - 2 <= covered <= percent + 12


def test_only_the_six_colours() -> None:
    copy = Paint(60)(Image.new("RGB", (200, 150), "cyan"), np.random.default_rng(0))
    found = {tuple(colour) for colour in np.asarray(copy).reshape(-1, 3).tolist()}
    colours = {ImageColor.getrgb(colour) for colour in COLOURS}
    assert found - {(0, 255, 255)} == colours


def test_the_same_strokes_at_another_size() -> None:
    small, large = (
        Paint(20)(Image.new("L", size, 128), np.random.default_rng(3)).resize((100, 75))
        for size in ((400, 300), (1600, 1200))
    )
    difference = np.asarray(small, dtype=int) - np.asarray(large)
    assert np.abs(difference).mean() < 6
