import numpy as np
import pytest
from PIL import Image
from skimage.transform import rotate

from datasets.transforms import Rotate


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
