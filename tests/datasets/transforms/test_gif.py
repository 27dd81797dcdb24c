import numpy as np
import pytest
import skimage.data
from PIL import Image

from datasets.transforms import Gif

PHOTOGRAPH = Image.fromarray(skimage.data.coffee())  # type: ignore[no-untyped-call]


def colours(image: Image.Image) -> int:
    return len(np.unique(np.asarray(image).reshape(-1, 3), axis=0))


def test_a_photograph_has_at_most_256_colours_and_looks_alike() -> None:
    copy = Gif()(PHOTOGRAPH, np.random.default_rng(0))
    assert colours(PHOTOGRAPH) > 10_000
    assert 200 <= colours(copy) <= 256
    assert np.abs(np.asarray(copy, dtype=int) - np.asarray(PHOTOGRAPH)).mean() < 8


def test_every_grey_value_stays() -> None:
    ramp = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16))
    copy = Gif()(ramp, np.random.default_rng(0))
    assert (copy.mode, copy.tobytes()) == ("L", ramp.tobytes())


@pytest.mark.parametrize("colour", [(1, 2, 3), (255, 0, 128)])
def test_one_colour_stays(colour: tuple[int, int, int]) -> None:
    flat = Image.new("RGB", (20, 10), colour)
    assert Gif()(flat, np.random.default_rng(0)).tobytes() == flat.tobytes()
