import io

import numpy as np
import pytest
from PIL import Image

from datasets.errors import TransformError
from datasets.transforms import Jpeg


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_pixels_are_those_of_a_real_file(mode: str) -> None:
    image = Image.effect_noise((33, 17), 60).convert(mode)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=10)
    with Image.open(file) as expected:
        assert Jpeg(10)(image, np.random.default_rng(0)).tobytes() == expected.tobytes()


def test_quality_is_whole() -> None:
    with pytest.raises(TransformError, match=r"whole number, not 3\.5"):
        Jpeg(3.5)


@pytest.mark.parametrize("size", [(65_501, 1), (1, 65_501)])
def test_a_side_that_jpeg_cannot_hold_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(TransformError, match="65500 pixels a side"):
        Jpeg(30)(Image.new("L", size), np.random.default_rng(0))


def test_the_longest_side_that_jpeg_holds() -> None:
    assert Jpeg(30)(Image.new("L", (65_500, 1)), np.random.default_rng(0)).size == (65_500, 1)
