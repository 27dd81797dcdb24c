import io

import numpy as np
import pytest
import skimage.data
from PIL import Image

from datasets.transforms import CopydaysJpeg, Jpeg, Resize


@pytest.mark.parametrize("quality", [75, 3])
def test_a_sixteenth_of_the_pixels_in_a_jpeg_of_that_quality(quality: int) -> None:
    image = Image.fromarray(skimage.data.coffee())  # type: ignore[no-untyped-call]
    copy = CopydaysJpeg(quality)(image, np.random.default_rng(0))
    assert copy.width * copy.height * 16 == image.width * image.height
    file = io.BytesIO()
    image.resize((150, 100), Image.Resampling.LANCZOS).save(file, "JPEG", quality=quality)
    with Image.open(file) as expected:
        assert copy.tobytes() == expected.tobytes()


def test_resize_and_jpeg_one_after_the_other_do_the_same() -> None:
    image = Image.effect_noise((64, 48), 60)
    rng = np.random.default_rng(0)
    assert CopydaysJpeg(20)(image, rng).tobytes() == Jpeg(20)(Resize(25)(image, rng), rng).tobytes()


def test_a_tile_of_16_pixels_becomes_4() -> None:
    assert CopydaysJpeg(75)(Image.new("L", (16, 16)), np.random.default_rng(0)).size == (4, 4)
