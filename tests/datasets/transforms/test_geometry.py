"""Scaled, cropped, turned, mirrored and seen from aside."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import binary_erosion
from skimage.transform import ProjectiveTransform, rotate, warp

from datasets.transforms import transform_families

FAMILIES = transform_families()
Aspect = FAMILIES["aspect"]
Crop = FAMILIES["crop"]
Resize = FAMILIES["resize"]
Thumbnail = FAMILIES["thumbnail"]
Trim = FAMILIES["trim"]


@pytest.mark.parametrize(
    ("percent", "size"), [(50, (100, 60)), (200, (400, 240)), (25, (50, 30)), (1, (2, 1))]
)
def test_both_sides_take_the_percentage(percent: float, size: tuple[int, int]) -> None:
    assert Resize(percent)(Image.new("RGB", (200, 120)), np.random.default_rng(0)).size == size


def test_the_whole_picture_is_kept() -> None:
    pixels = np.zeros((80, 80), np.uint8)
    pixels[:40, :40] = 200
    copy = np.asarray(Resize(25)(Image.fromarray(pixels), np.random.default_rng(0)))
    assert copy[2:8, 2:8].min() >= 195
    assert copy[12:, 12:].max() <= 5


def test_half_a_checkerboard_is_grey_not_black_or_white() -> None:
    board = (np.indices((64, 64)).sum(axis=0) % 2 * 255).astype(np.uint8)
    copy = np.asarray(Resize(50)(Image.fromarray(board), np.random.default_rng(0)))
    assert np.abs(copy[4:-4, 4:-4].astype(int) - 127).max() <= 2


@pytest.mark.parametrize(
    ("percent", "size"), [(75, (150, 120)), (133, (266, 120)), (400, (800, 120)), (25, (50, 120))]
)
def test_the_width_takes_the_percentage_and_the_height_stays(
    percent: float, size: tuple[int, int]
) -> None:
    assert Aspect(percent)(Image.new("RGB", (200, 120)), np.random.default_rng(0)).size == size


def test_aspect_the_whole_picture_is_kept() -> None:
    pixels = np.zeros((40, 80), np.uint8)
    pixels[:, :40] = 200
    copy = np.asarray(Aspect(50)(Image.fromarray(pixels), np.random.default_rng(0)))
    assert copy[:, 2:17].min() >= 195
    assert copy[:, 23:].max() <= 5


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((640, 427), (64, 43)),
        ((427, 640), (43, 64)),
        ((65, 65), (64, 64)),
        ((64, 20), (64, 20)),
        ((16, 16), (16, 16)),
        ((5000, 10), (64, 1)),
    ],
)
def test_the_longer_side_is_64_at_most(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert Thumbnail(64)(Image.new("L", size), np.random.default_rng(0)).size == expected


# Each pixel holds where it is.
ROWS, COLUMNS = np.mgrid[:120, :200].astype(np.uint8)


IMAGE = Image.fromarray(np.dstack([ROWS, COLUMNS, np.zeros_like(ROWS)]))


@pytest.mark.parametrize("percent", [0, 10, 20, 50, 80, 95])
@pytest.mark.parametrize("seed", range(5))
def test_a_window_of_the_picture_without_that_share_of_its_surface(percent: int, seed: int) -> None:
    copy = np.asarray(Crop(percent)(IMAGE, np.random.default_rng(seed)))
    top, left = copy[0, 0, :2]
    height, width = copy.shape[:2]
    np.testing.assert_array_equal(copy, np.asarray(IMAGE)[top : top + height, left : left + width])
    assert height * width / (120 * 200) == pytest.approx(1 - percent / 100, abs=0.01)
    assert width / height == pytest.approx(200 / 120, rel=0.02)


def test_windows_reach_every_edge_and_differ() -> None:
    corners = {
        tuple(np.asarray(Crop(5)(IMAGE, np.random.default_rng(seed)))[0, 0, :2].tolist())
        for seed in range(300)
    }
    tops, lefts = zip(*corners, strict=True)
    assert set(tops) == set(range(120 - 117 + 1))
    assert set(lefts) == set(range(200 - 195 + 1))


def test_the_middle_is_left() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (100, 200, 3), dtype=np.uint8)
    copy = Trim(5)(Image.fromarray(pixels), np.random.default_rng(0))
    np.testing.assert_array_equal(np.asarray(copy), pixels[5:-5, 10:-10])


@pytest.mark.parametrize("side", [1, 2, 3, 16])
def test_a_pixel_is_always_left(side: int) -> None:
    copy = Trim(45)(Image.new("L", (side, side)), np.random.default_rng(0))
    assert min(copy.size) >= 1


TURNS = transform_families()
Mirror = TURNS["mirror"]
Perspective = TURNS["perspective"]
Rotate = TURNS["rotate"]
Turn = TURNS["turn"]


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


TURNED = Image.fromarray(PIXELS)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_turns_counter_clockwise_and_loses_nothing(degrees: int) -> None:
    copy = Turn(degrees)(TURNED, np.random.default_rng(0))
    np.testing.assert_array_equal(np.asarray(copy), np.rot90(PIXELS, degrees // 90))


@pytest.mark.parametrize(("degrees", "times"), [(90, 4), (180, 2), (270, 4)])
def test_often_enough_is_the_picture(degrees: int, times: int) -> None:
    copy = TURNED
    for _ in range(times):
        copy = Turn(degrees)(copy, np.random.default_rng(0))
    assert (copy.size, copy.tobytes()) == (TURNED.size, TURNED.tobytes())


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
