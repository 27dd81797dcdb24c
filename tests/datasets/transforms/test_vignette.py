import numpy as np
import pytest
from PIL import Image
from scipy.signal.windows import gaussian

from datasets.transforms import Vignette


@pytest.mark.parametrize("shape", [(300, 400), (301, 97, 3), (600, 20)])
def test_a_gaussian_of_half_the_sides(shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    copy = np.asarray(Vignette(1)(Image.fromarray(pixels), np.random.default_rng(0)))
    light = np.outer(*(gaussian(side, side / 2) for side in shape[:2]))
    expected = pixels * (light if pixels.ndim == 2 else light[:, :, None])
    assert np.abs(copy - expected).max() <= 0.501


def test_the_middle_stays_and_corners_get_dark() -> None:
    copy = np.asarray(Vignette(2)(Image.new("L", (101, 101), 200), np.random.default_rng(0)))
    assert copy[50, 50] == 200
    assert copy[0, 0] == pytest.approx(200 * np.exp(-4), abs=2)
    assert copy[0, 50] == pytest.approx(200 * np.exp(-2), abs=2)
