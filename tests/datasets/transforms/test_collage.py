import numpy as np
import pytest
import skimage.data
from PIL import Image

from datasets.transforms import Collage

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
