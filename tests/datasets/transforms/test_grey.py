import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Grey


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
