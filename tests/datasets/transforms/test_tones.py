"""Lighter, darker, paler or in other colours; and the picture as it is."""

import numpy as np
import pytest
from PIL import Image
from scipy.signal.windows import gaussian
from skimage.color import hsv2rgb, rgb2hsv
from skimage.exposure import adjust_gamma

from datasets.transforms import transform_families

FAMILIES = transform_families()
Brightness = FAMILIES["brightness"]
Contrast = FAMILIES["contrast"]
Gamma = FAMILIES["gamma"]
Grey = FAMILIES["grey"]
Hue = FAMILIES["hue"]
Identity = FAMILIES["identity"]
Saturation = FAMILIES["saturation"]
Vignette = FAMILIES["vignette"]


def test_equal_pixels_in_another_image() -> None:
    image = Image.effect_noise((20, 10), 60)
    copy = Identity()(image, np.random.default_rng(0))
    assert copy.tobytes() == image.tobytes()
    copy.putpixel((0, 0), 255 - int(np.asarray(image)[0, 0]))
    assert copy.tobytes() != image.tobytes()


RAMP = np.arange(256, dtype=np.uint8).reshape(16, 16)


@pytest.mark.parametrize("gamma", [0.1, 0.5, 1, 2, 10])
@pytest.mark.parametrize("bands", [1, 3])
def test_agrees_with_scikit_image(gamma: float, bands: int) -> None:
    pixels = RAMP if bands == 1 else np.dstack([RAMP, RAMP[::-1], RAMP.T])
    copy = np.asarray(Gamma(gamma)(Image.fromarray(pixels), np.random.default_rng(0)))
    # scikit-image cuts decimals off where this rounds.
    expected = adjust_gamma(pixels, gamma)  # type: ignore[no-untyped-call]
    assert np.abs(copy - expected.astype(int)).max() <= 1


def test_black_and_white_stay_and_the_middle_darkens() -> None:
    copy = np.asarray(Gamma(2)(Image.fromarray(RAMP), np.random.default_rng(0))).ravel()
    assert (copy[0], copy[128], copy[255]) == (0, 64, 255)


@pytest.mark.parametrize(
    ("factor", "values"), [(0.5, [75, 100, 125]), (1.5, [25, 100, 175]), (5, [0, 100, 255])]
)
def test_differences_from_the_mean_are_multiplied(factor: float, values: list[int]) -> None:
    image = Image.fromarray(np.array([[50, 100, 150]], np.uint8))
    copy = Contrast(factor)(image, np.random.default_rng(0))
    np.testing.assert_array_equal(np.asarray(copy), [values])


@pytest.mark.parametrize(
    ("factor", "values"), [(0.5, [0, 50, 100]), (1.25, [0, 125, 250]), (2, [0, 200, 255])]
)
def test_values_are_multiplied_and_clipped(factor: float, values: list[int]) -> None:
    image = Image.fromarray(np.array([[0, 100, 200]], np.uint8))
    copy = Brightness(factor)(image, np.random.default_rng(0))
    np.testing.assert_array_equal(np.asarray(copy), [values])


@pytest.mark.parametrize(
    ("colour", "luma"), [((255, 0, 0), 76), ((0, 255, 0), 150), ((0, 0, 255), 29), ((9, 9, 9), 9)]
)
def test_luma_of_itu_r_601(colour: tuple[int, int, int], luma: int) -> None:
    copy = Grey()(Image.new("RGB", (3, 2), colour), np.random.default_rng(0))
    assert copy.mode == "L"
    np.testing.assert_array_equal(np.asarray(copy), np.full((2, 3), luma))


def test_a_grey_image_stays_as_it_is() -> None:
    image = Image.effect_noise((20, 10), 60)
    assert Grey()(image, np.random.default_rng(0)).tobytes() == image.tobytes()


COLOUR = (200, 100, 50)  # of luma 124


@pytest.mark.parametrize(
    ("factor", "expected"),
    [(0, (124, 124, 124)), (0.5, (162, 112, 87)), (1, COLOUR), (2, (255, 76, 0))],
)
def test_differences_from_grey_are_multiplied(
    factor: float, expected: tuple[int, int, int]
) -> None:
    copy = Saturation(factor)(Image.new("RGB", (2, 2), COLOUR), np.random.default_rng(0))
    np.testing.assert_allclose(np.asarray(copy, dtype=int)[0, 0], expected, atol=1)


def test_none_is_grey() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    image, rng = Image.fromarray(noise), np.random.default_rng(0)
    assert Saturation(0)(image, rng).tobytes() == Grey()(image, rng).convert("RGB").tobytes()


def test_a_grey_picture_stays() -> None:
    image = Image.effect_noise((20, 10), 60)
    assert Saturation(3)(image, np.random.default_rng(0)).tobytes() == image.tobytes()


@pytest.mark.parametrize(
    ("degrees", "colour"),
    [(0, (255, 0, 0)), (60, (255, 255, 0)), (120, (0, 255, 0)), (180, (0, 255, 255))],
)
def test_red_goes_round_the_circle(degrees: float, colour: tuple[int, int, int]) -> None:
    copy = Hue(degrees)(Image.new("RGB", (2, 2), (255, 0, 0)), np.random.default_rng(0))
    np.testing.assert_allclose(np.asarray(copy, dtype=int)[0, 0], colour, atol=5)


def test_hue_agrees_with_scikit_image() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    copy = np.asarray(Hue(90)(Image.fromarray(pixels), np.random.default_rng(0)), dtype=float)
    hsv = rgb2hsv(pixels)
    hsv[:, :, 0] = (hsv[:, :, 0] + 0.25) % 1
    expected = 255 * hsv2rgb(hsv)
    difference = np.abs(copy - expected)
    assert difference.max() < 12  # hue and saturation have 256 steps
    assert difference.mean() < 1.5


def test_hue_a_grey_picture_stays() -> None:
    grey = Image.effect_noise((20, 10), 60)
    rng = np.random.default_rng(0)
    assert Hue(90)(grey, rng).tobytes() == grey.tobytes()
    assert Hue(90)(grey.convert("RGB"), rng).tobytes() == grey.convert("RGB").tobytes()


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
