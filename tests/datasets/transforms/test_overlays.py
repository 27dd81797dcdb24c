"""Drawn or written over the picture: captions, marks, stickers and strokes of a brush."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageColor

from datasets.transforms import transform_families
from datasets.transforms.overlays import DRAWINGS, PAINTS, lay_over, random_corner

FAMILIES = transform_families()
Emoji = FAMILIES["emoji"]
Logo = FAMILIES["logo"]
Paint = FAMILIES["paint"]
Text = FAMILIES["text"]
Watermark = FAMILIES["watermark"]


def test_the_drawing_covers_as_much_as_it_is_opaque() -> None:
    image = Image.new("RGB", (3, 1), (0, 0, 0))
    drawing = Image.new("RGBA", (2, 1), (200, 100, 0, 255))
    drawing.putpixel((1, 0), (200, 100, 0, 51))
    lay_over(image, drawing, 1, 0)
    assert np.asarray(image).tolist() == [[[0, 0, 0], [200, 100, 0], [40, 20, 0]]]


def test_colours_become_grey_on_grey_and_the_rest_is_cut_off() -> None:
    image = Image.new("L", (2, 2), 7)
    lay_over(image, Image.new("RGBA", (5, 1), (255, 0, 0, 255)), 1, 1)
    assert np.asarray(image).tolist() == [[7, 7], [7, 76]]  # luma of red


@pytest.mark.parametrize(("drawing", "corners"), [((3, 1), {(0, 0), (0, 1), (1, 0), (1, 1)})])
def test_every_place_inside_and_none_outside(
    drawing: tuple[int, int], corners: set[tuple[int, int]]
) -> None:
    found = {random_corner((4, 2), drawing, np.random.default_rng(seed)) for seed in range(60)}
    assert found == corners


def test_what_is_larger_starts_at_the_edge() -> None:
    assert random_corner((4, 2), (9, 9), np.random.default_rng(0)) == (0, 0)


GREY = 100


def changed(size: tuple[int, int], seed: int, mode: str = "L") -> NDArray[np.bool_]:
    flat = Image.new(mode, size, GREY if mode == "L" else (GREY,) * 3)
    copy = np.asarray(Text()(flat, np.random.default_rng(seed)))
    different: NDArray[np.bool_] = copy != GREY
    return different if mode == "L" else np.logical_or.reduce(different, axis=2)


@pytest.mark.parametrize("size", [(320, 240), (240, 320), (1600, 1200), (3000, 100)])
@pytest.mark.parametrize("seed", range(8))
def test_caption_lies_within_the_picture_and_fits_its_shares(
    size: tuple[int, int], seed: int
) -> None:
    rows, columns = np.nonzero(changed(size, seed))
    width = np.ptp(columns) + 1
    height = np.ptp(rows) + 1
    edges = 0.2 * size[1] / 15 * 2 + 4
    assert width <= 0.7 * size[0] + edges
    assert height <= 0.2 * size[1] + edges
    assert width >= 0.5 * size[0] or height >= 0.1 * size[1]


def test_letters_are_white_with_a_black_edge() -> None:
    flat = Image.new("RGB", (320, 240), (200, 30, 30))
    colours = {tuple(c) for c in np.asarray(Text()(flat, np.random.default_rng(0))).reshape(-1, 3)}
    assert {(255, 255, 255), (0, 0, 0)} <= colours


@pytest.mark.parametrize("size", [(32, 32), (64, 64), (640, 480)])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_something_is_written_at_every_size(size: tuple[int, int], mode: str) -> None:
    share = changed(size, 3, mode).mean()
    assert 0.01 < share < 0.2


def test_seeds_differ_in_caption_and_place() -> None:
    assert len({changed((320, 240), seed).tobytes() for seed in range(20)}) == 20


@pytest.mark.parametrize("size", [(600, 400), (256, 256), (2000, 500)])
def test_a_fifth_of_the_width_in_the_lower_left_corner(size: tuple[int, int]) -> None:
    copy = np.asarray(Watermark(20)(Image.new("L", size, 255), np.random.default_rng(0)))
    rows, columns = np.nonzero(copy < 200)
    height = np.ptp(rows) + 1
    assert np.ptp(columns) + 1 == pytest.approx(0.2 * size[0], rel=0.03)
    assert columns.min() == pytest.approx(height, rel=0.1, abs=2)
    assert size[1] - 1 - rows.max() == pytest.approx(height, rel=0.1, abs=2)


def test_a_little_shines_through() -> None:
    copy = np.asarray(Watermark(50)(Image.new("L", (400, 200), 255), np.random.default_rng(0)))
    assert copy.min() == 55  # black, 200 parts of 255


def test_both_modes_get_the_same() -> None:
    grey, colour = (
        Watermark(20)(Image.new(mode, (300, 200), "white"), np.random.default_rng(0))
        for mode in ("L", "RGB")
    )
    assert grey.convert("RGB").tobytes() == colour.tobytes()


def logo_changed(size: tuple[int, int], percent: float, seed: int) -> tuple[NDArray[np.intp], ...]:
    copy = np.asarray(Logo(percent)(Image.new("L", size, 0), np.random.default_rng(seed)))
    return np.nonzero(copy)


@pytest.mark.parametrize("seed", range(8))
def test_as_wide_as_asked_for_and_near_a_corner(seed: int) -> None:
    rows, columns = logo_changed((400, 300), 40, seed)
    assert np.ptp(columns) + 1 == 160
    assert np.ptp(rows) + 1 == 40
    assert columns.min() == 9 or columns.max() == 400 - 1 - 9
    assert rows.min() == 9 or rows.max() == 300 - 1 - 9


def test_all_four_corners_come() -> None:
    starts = {
        tuple(each.min() for each in logo_changed((400, 300), 40, seed)) for seed in range(30)
    }
    assert len(starts) == 4


def test_a_flat_picture_limits_it() -> None:
    rows, columns = logo_changed((1000, 20), 100, 0)
    assert np.ptp(rows) + 1 == 20
    assert np.ptp(columns) + 1 == 80


def test_a_white_plate_with_one_colour() -> None:
    blue = Image.new("RGB", (400, 300), (0, 0, 255))
    copy = np.asarray(Logo(100)(blue, np.random.default_rng(0)))
    assert ((copy == 255).all(axis=2)).mean() > 0.15


@pytest.mark.parametrize("size", [(300, 200), (200, 300), (16, 16)])
@pytest.mark.parametrize("seed", range(8))
def test_a_third_of_the_shorter_side_within_the_picture(size: tuple[int, int], seed: int) -> None:
    copy = np.asarray(Emoji(33)(Image.new("RGB", size, (0, 0, 255)), np.random.default_rng(seed)))
    rows, columns = np.nonzero((copy != (0, 0, 255)).any(axis=2))
    side = 0.33 * min(size)
    assert side - 2 <= np.ptp(columns) + 1 <= side + 1
    assert 0.9 * side - 2 <= np.ptp(rows) + 1 <= side + 1


def test_every_drawing_comes_and_is_yellow_or_red() -> None:
    blue = Image.new("RGB", (60, 60), (0, 0, 255))
    copies = [np.asarray(Emoji(100)(blue, np.random.default_rng(s))) for s in range(40)]
    assert len({copy.tobytes() for copy in copies}) == len(DRAWINGS)
    for copy in copies:
        yellow_or_red = (copy[:, :, 0] > 200) & (copy[:, :, 2] < 100)
        assert yellow_or_red.mean() > 0.35


def test_places_differ() -> None:
    image = Image.new("L", (300, 200))
    assert len({Emoji(20)(image, np.random.default_rng(s)).tobytes() for s in range(20)}) == 20


@pytest.mark.parametrize("size", [(300, 200), (1200, 900), (200, 600), (64, 64)])
@pytest.mark.parametrize("percent", [5, 15, 40, 80])
def test_that_much_is_covered(size: tuple[int, int], percent: int) -> None:
    image = Image.new("RGB", size, "cyan")
    copy = np.asarray(Paint(percent)(image, np.random.default_rng(1)))
    covered = 100 * (copy != (0, 255, 255)).any(axis=2).mean()
    assert percent - 2 <= covered <= percent + 12


def test_only_the_six_colours() -> None:
    copy = Paint(60)(Image.new("RGB", (200, 150), "cyan"), np.random.default_rng(0))
    found = {tuple(colour) for colour in np.asarray(copy).reshape(-1, 3).tolist()}
    colours = {ImageColor.getrgb(colour) for colour in PAINTS}
    assert found - {(0, 255, 255)} == colours


def test_the_same_strokes_at_another_size() -> None:
    small, large = (
        Paint(20)(Image.new("L", size, 128), np.random.default_rng(3)).resize((100, 75))
        for size in ((400, 300), (1600, 1200))
    )
    difference = np.asarray(small, dtype=int) - np.asarray(large)
    assert np.abs(difference).mean() < 6
