"""Set into a frame, between bars or among other pictures; corners cut round."""

import math

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageColor

from datasets.transforms import transform_families
from datasets.transforms.frames import COLOURS

FAMILIES = transform_families()
Border = FAMILIES["border"]
Collage = FAMILIES["collage"]
Letterbox = FAMILIES["letterbox"]
Pad = FAMILIES["pad"]
RoundedCorners = FAMILIES["rounded-corners"]


def test_the_picture_stands_in_the_middle_of_black() -> None:
    image = Image.new("RGB", (200, 100), (10, 100, 200))
    copy = np.array(Pad(10)(image, np.random.default_rng(0)))
    assert copy.shape == (120, 240, 3)
    np.testing.assert_array_equal(copy[10:-10, 20:-20], np.asarray(image))
    copy[10:-10, 20:-20] = 0
    assert not copy.any()


def test_black_bars_of_a_fifth_of_the_height_above_and_below() -> None:
    image = Image.new("RGB", (200, 100), (10, 100, 200))
    copy = np.asarray(Letterbox(20)(image, np.random.default_rng(0)))
    assert copy.shape == (140, 200, 3)
    np.testing.assert_array_equal(copy[20:-20], np.asarray(image))
    assert not copy[:20].any()
    assert not copy[-20:].any()


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("seed", range(6))
def test_the_picture_stands_in_one_colour_as_wide_on_all_sides(mode: str, seed: int) -> None:
    image = Image.new(mode, (200, 100), "lime")
    copy = np.array(Border(5)(image, np.random.default_rng(seed)))
    assert copy.shape[:2] == (110, 210)
    np.testing.assert_array_equal(copy[5:-5, 5:-5], np.asarray(image))
    frame = np.ones(copy.shape[:2], dtype=bool)
    frame[5:-5, 5:-5] = False
    found = {tuple(np.atleast_1d(colour).tolist()) for colour in copy[frame]}
    allowed = {tuple(np.atleast_1d(ImageColor.getcolor(each, mode)).tolist()) for each in COLOURS}
    assert len(found) == 1
    assert found <= allowed


def test_every_colour_comes() -> None:
    image = Image.new("RGB", (20, 20))
    corners = {
        Border(10)(image, np.random.default_rng(seed)).getpixel((0, 0)) for seed in range(60)
    }
    assert len(corners) == len(COLOURS)


@pytest.mark.parametrize("percent", [10, 25, 50])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_corners_are_white_and_the_rest_stays(percent: int, mode: str) -> None:
    copy = RoundedCorners(percent)(Image.new(mode, (300, 200)), np.random.default_rng(0))
    values = np.asarray(copy.convert("L"))
    assert values[0, 0] == values[0, -1] == values[-1, 0] == values[-1, -1] == 255
    radius = 2 * percent
    assert not values[radius : 200 - radius].any()
    assert not values[:, radius : 300 - radius].any()
    lost = (4 - math.pi) * radius**2  # four corners of a square around a circle
    assert values.sum() / 255 == pytest.approx(lost, rel=0.03)


def test_all_four_are_alike() -> None:
    copy = np.asarray(RoundedCorners(30)(Image.new("L", (90, 60)), np.random.default_rng(0)))
    np.testing.assert_array_equal(copy, copy[::-1])
    np.testing.assert_array_equal(copy, copy[:, ::-1])


PHOTOGRAPH = Image.fromarray(skimage.data.coffee())  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(("number", "columns", "rows"), [(2, 2, 1), (4, 2, 2), (9, 3, 3)])
@pytest.mark.parametrize("seed", range(3))
def test_the_picture_is_in_one_cell_only(number: int, columns: int, rows: int, seed: int) -> None:
    copy = Collage(number)(PHOTOGRAPH, np.random.default_rng(seed))
    width, height = 600 // columns, 400 // columns
    gap = round(0.02 * height)
    small = PHOTOGRAPH.resize((width, height), Image.Resampling.LANCZOS).tobytes()
    cells = [
        copy.crop((left, top, left + width, top + height)).tobytes()
        for top in range(0, copy.height, height + gap)
        for left in range(0, copy.width, width + gap)
    ]
    assert len(cells) == len(set(cells)) == columns * rows
    assert cells.count(small) == 1


def test_it_comes_to_every_place() -> None:
    image = Image.new("L", (40, 40))
    black = {
        tuple(np.argwhere(np.asarray(Collage(4)(image, np.random.default_rng(s))) == 0)[0].tolist())
        for s in range(40)
    }
    assert black == {(0, 0), (0, 20), (20, 0), (20, 20)}


def test_a_last_row_that_is_not_full_is_centred_on_white() -> None:
    copy = np.asarray(Collage(3)(Image.new("L", (200, 200)), np.random.default_rng(0)))
    assert copy.shape == (202, 202)
    assert (copy[102:, :51] == 255).all()
    assert (copy[102:, 151:] == 255).all()
    assert (copy[102:, 51:151] != 255).any()


def test_one_picture_is_the_picture() -> None:
    assert Collage(1)(PHOTOGRAPH, np.random.default_rng(0)).tobytes() == PHOTOGRAPH.tobytes()
