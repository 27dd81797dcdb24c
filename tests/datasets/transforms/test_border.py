import numpy as np
import pytest
from PIL import Image, ImageColor

from datasets.transforms import Border
from datasets.transforms.border import COLOURS


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
