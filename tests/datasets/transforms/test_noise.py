import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Noise
from datasets.transforms.noise import BAND


@pytest.mark.parametrize("shape", [(400, 400), (400, 400, 3)])
def test_mean_and_deviation(shape: tuple[int, ...]) -> None:
    flat = Image.fromarray(np.full(shape, 128, np.uint8))
    copy = np.asarray(Noise(0.05)(flat, np.random.default_rng(0)), dtype=float)
    assert copy.mean() == pytest.approx(128, abs=0.2)
    assert copy.std() == pytest.approx(0.05 * 255, rel=0.01)


def test_channels_are_independent() -> None:
    flat = Image.new("RGB", (400, 400), (128, 128, 128))
    copy = np.asarray(Noise(0.05)(flat, np.random.default_rng(0)), dtype=float)
    correlation = np.corrcoef(copy.reshape(-1, 3).T)
    assert np.abs(correlation - np.eye(3)).max() < 0.02


def test_values_are_clipped_not_wrapped() -> None:
    white = np.asarray(Noise(0.1)(Image.new("L", (100, 100), 255), np.random.default_rng(0)))
    black = np.asarray(Noise(0.1)(Image.new("L", (100, 100), 0), np.random.default_rng(0)))
    assert white.min() > 100
    assert black.max() < 155


def test_a_large_picture_gets_what_one_draw_for_all_of_it_gives() -> None:
    side = 1200
    assert side * side > BAND
    pixels = np.full((side, side), 128, np.uint8)
    copy = np.asarray(Noise(0.1)(Image.fromarray(pixels), np.random.default_rng(7)))
    whole = np.random.default_rng(7).standard_normal(pixels.size, dtype=np.float32)
    expected = np.rint(whole * np.float32(25.5) + 128).clip(0, 255).reshape(side, side)
    np.testing.assert_array_equal(copy, expected)


def test_another_seed_gives_other_noise() -> None:
    flat = Image.new("L", (32, 32), 128)
    first, second = (Noise(0.1)(flat, np.random.default_rng(seed)).tobytes() for seed in (0, 1))
    assert first != second
