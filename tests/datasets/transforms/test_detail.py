"""Blurred, sharpened, with grain."""

import numpy as np
import pytest
import scipy.ndimage
import skimage.data
from PIL import Image
from scipy.ndimage import gaussian_filter

from datasets.transforms import transform_families
from datasets.transforms.detail import BAND

FAMILIES = transform_families()
Blur = FAMILIES["blur"]
GreyNoise = FAMILIES["grey-noise"]
Noise = FAMILIES["noise"]
Sharpen = FAMILIES["sharpen"]


@pytest.mark.parametrize("sigma", [1, 2, 5])
def test_close_to_the_exact_gaussian(sigma: int) -> None:
    pixels = skimage.data.camera()  # type: ignore[no-untyped-call]
    copy = np.asarray(Blur(sigma)(Image.fromarray(pixels), np.random.default_rng(0)))
    exact = scipy.ndimage.gaussian_filter(pixels.astype(float), sigma, mode="nearest")
    assert np.abs(copy - exact).mean() < 1


def test_a_flat_picture_stays_flat() -> None:
    image = Image.new("RGB", (32, 32), (10, 100, 200))
    assert Blur(50)(image, np.random.default_rng(0)).tobytes() == image.tobytes()


def test_an_edge_overshoots_on_both_sides_and_flat_parts_stay() -> None:
    pixels = np.full((40, 60), 100, np.uint8)
    pixels[:, 30:] = 150
    copy = np.asarray(Sharpen(150)(Image.fromarray(pixels), np.random.default_rng(0)))[20]
    assert copy[29] < 90
    assert copy[30] > 160
    assert set(copy[:15].tolist()) == {100}
    assert set(copy[45:].tolist()) == {150}


def test_agrees_with_its_definition() -> None:
    rows, columns = np.mgrid[:60, :60]
    pixels = (127 + 40 * np.sin(rows / 4) + 40 * np.cos(columns / 5)).astype(np.uint8)
    copy = np.asarray(Sharpen(100)(Image.fromarray(pixels), np.random.default_rng(0)), dtype=float)
    values = pixels.astype(float)
    expected = values + (values - gaussian_filter(values, 2, mode="nearest"))
    assert np.abs(copy - expected)[8:-8, 8:-8].max() < 4


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


@pytest.mark.parametrize("shape", [(400, 400), (400, 400, 3)])
def test_grey_noise_mean_and_deviation(shape: tuple[int, ...]) -> None:
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
