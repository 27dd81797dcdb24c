"""Turned, mirrored and seen from aside."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import binary_erosion
from skimage.transform import ProjectiveTransform, rotate, warp

from datasets.transforms import transform_families

FAMILIES = transform_families()
Mirror = FAMILIES["mirror"]
Perspective = FAMILIES["perspective"]
Rotate = FAMILIES["rotate"]
Turn = FAMILIES["turn"]


def test_turns_counter_clockwise_and_fills_with_black() -> None:
    copy = np.asarray(Rotate(45)(Image.new("L", (101, 101), 255), np.random.default_rng(0)))
    assert copy[50, 50] == 255
    assert copy[0, 0] == copy[0, -1] == copy[-1, 0] == copy[-1, -1] == 0
    pixels = np.zeros((101, 101), np.uint8)
    pixels[45:56, 85:96] = 255  # right of the centre, so it goes up
    turned = np.asarray(Rotate(45)(Image.fromarray(pixels), np.random.default_rng(0)))
    assert turned[:50, 50:].sum() == turned.sum()


@pytest.mark.parametrize("degrees", [1, 2, 10])
def test_agrees_with_scikit_image(degrees: int) -> None:
    rows, columns = np.mgrid[:90, :120]
    pixels = (127 + 60 * np.sin(rows / 9) + 60 * np.cos(columns / 7)).astype(np.uint8)
    copy = np.asarray(Rotate(degrees)(Image.fromarray(pixels), np.random.default_rng(0)))
    expected = rotate(  # type: ignore[no-untyped-call]
        pixels, degrees, order=3, preserve_range=True
    )
    difference = np.abs(copy - expected)[25:-25, 25:-25]
    assert difference.max() < 6


PIXELS = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)


IMAGE = Image.fromarray(PIXELS)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_turns_counter_clockwise_and_loses_nothing(degrees: int) -> None:
    copy = Turn(degrees)(IMAGE, np.random.default_rng(0))
    np.testing.assert_array_equal(np.asarray(copy), np.rot90(PIXELS, degrees // 90))


@pytest.mark.parametrize(("degrees", "times"), [(90, 4), (180, 2), (270, 4)])
def test_often_enough_is_the_picture(degrees: int, times: int) -> None:
    copy = IMAGE
    for _ in range(times):
        copy = Turn(degrees)(copy, np.random.default_rng(0))
    assert (copy.size, copy.tobytes()) == (IMAGE.size, IMAGE.tobytes())


def test_columns_are_reversed() -> None:
    pixels = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    copy = Mirror()(Image.fromarray(pixels), np.random.default_rng(0))
    np.testing.assert_array_equal(np.asarray(copy), pixels[:, ::-1])


def test_twice_is_the_picture() -> None:
    image = Image.effect_noise((20, 10), 60)
    rng = np.random.default_rng(0)
    assert Mirror()(Mirror()(image, rng), rng).tobytes() == image.tobytes()


WHITE = Image.new("L", (200, 200), 255)


def widths(copy: NDArray[np.uint8]) -> NDArray[np.int64]:
    """White pixels of each line from the far side to the near one."""
    white = copy > 127
    sides = [white[0].sum(), white[-1].sum(), white[:, 0].sum(), white[:, -1].sum()]
    # Of the two slanted sides only a corner touches the edge.
    lines: NDArray[np.int64] = white.sum(axis=1 if min(sides[2:]) < min(sides[:2]) else 0)
    return lines if lines[0] < lines[-1] else lines[::-1]


@pytest.mark.parametrize("percent", [10, 40, 80])
@pytest.mark.parametrize("seed", range(4))
def test_the_far_side_is_shorter_and_the_near_one_is_whole(percent: int, seed: int) -> None:
    copy = np.asarray(Perspective(percent)(WHITE, np.random.default_rng(seed)))
    lines = widths(copy)
    assert lines[0] == pytest.approx(200 * (1 - percent / 100), abs=3)
    assert lines[-1] == pytest.approx(200, abs=2)
    assert (np.diff(lines) >= 0).all()


def test_every_side_is_the_far_one_for_some_seed() -> None:
    assert len({Perspective(30)(WHITE, np.random.default_rng(s)).tobytes() for s in range(20)}) == 4


def test_perspective_agrees_with_scikit_image() -> None:
    rows, columns = np.mgrid[:120, :160]
    pixels = (127 + 60 * np.sin(rows / 15) + 60 * np.cos(columns / 12)).astype(np.uint8)
    top = next(s for s in range(20) if np.random.default_rng(s).integers(4) == 0)
    copy = np.asarray(Perspective(40)(Image.fromarray(pixels), np.random.default_rng(top)))
    near = [(0, 0), (160, 0), (160, 120), (0, 120)]
    far = [(32, 0), (128, 0), (160, 120), (0, 120)]
    shape = ProjectiveTransform.from_estimate(  # type: ignore[no-untyped-call]
        np.array(far) - 0.5, np.array(near) - 0.5
    )
    expected = warp(pixels, shape, order=3, preserve_range=True)  # type: ignore[no-untyped-call]
    inside = warp(np.ones_like(pixels, dtype=float), shape) > 0.999  # type: ignore[no-untyped-call]
    inside = binary_erosion(inside, iterations=3)
    assert inside.mean() > 0.5
    assert np.abs(copy - expected)[inside].max() < 3
    assert np.abs(copy - expected)[inside].mean() < 1
