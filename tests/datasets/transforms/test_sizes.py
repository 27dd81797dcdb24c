"""Scaled and cropped."""

import numpy as np
import pytest
from PIL import Image

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
