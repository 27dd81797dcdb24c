import numpy as np
import pytest
from PIL import Image
from skimage.color import hsv2rgb, rgb2hsv

from datasets.transforms import Hue


@pytest.mark.parametrize(
    ("degrees", "colour"),
    [(0, (255, 0, 0)), (60, (255, 255, 0)), (120, (0, 255, 0)), (180, (0, 255, 255))],
)
def test_red_goes_round_the_circle(degrees: float, colour: tuple[int, int, int]) -> None:
    copy = Hue(degrees)(Image.new("RGB", (2, 2), (255, 0, 0)), np.random.default_rng(0))
    np.testing.assert_allclose(np.asarray(copy, dtype=int)[0, 0], colour, atol=5)


def test_agrees_with_scikit_image() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    copy = np.asarray(Hue(90)(Image.fromarray(pixels), np.random.default_rng(0)), dtype=float)
    hsv = rgb2hsv(pixels)
    hsv[:, :, 0] = (hsv[:, :, 0] + 0.25) % 1
    expected = 255 * hsv2rgb(hsv)
    difference = np.abs(copy - expected)
    assert difference.max() < 12  # hue and saturation have 256 steps
    assert difference.mean() < 1.5


def test_a_grey_picture_stays() -> None:
    grey = Image.effect_noise((20, 10), 60)
    rng = np.random.default_rng(0)
    assert Hue(90)(grey, rng).tobytes() == grey.tobytes()
    assert Hue(90)(grey.convert("RGB"), rng).tobytes() == grey.convert("RGB").tobytes()
