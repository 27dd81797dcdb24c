import numpy as np
import pytest
from PIL import Image

from datasets.transforms import GreyNoise, Noise


@pytest.mark.parametrize("shape", [(400, 400), (400, 400, 3)])
def test_mean_and_deviation(shape: tuple[int, ...]) -> None:
    flat = Image.fromarray(np.full(shape, 128, np.uint8))
    copy = np.asarray(GreyNoise(0.1)(flat, np.random.default_rng(0)), dtype=float)
    assert copy.mean() == pytest.approx(128, abs=0.3)
    assert copy.std() == pytest.approx(0.1 * 255, rel=0.01)


def test_channels_change_alike_and_pixels_do_not() -> None:
    flat = Image.new("RGB", (300, 300), (100, 128, 150))
    change = np.asarray(GreyNoise(0.05)(flat, np.random.default_rng(0)), dtype=int) - [
        100,
        128,
        150,
    ]
    assert (change[:, :, 0] == change[:, :, 1]).all()
    assert (change[:, :, 0] == change[:, :, 2]).all()
    right = np.corrcoef(change[:, :-1, 0].ravel(), change[:, 1:, 0].ravel())[0, 1]
    assert abs(right) < 0.02


def test_on_a_grey_picture_it_is_noise() -> None:
    image = Image.linear_gradient("L")
    copies = [kind(0.1)(image, np.random.default_rng(3)) for kind in (GreyNoise, Noise)]
    assert copies[0].tobytes() == copies[1].tobytes()
