import io

import numpy as np
import skimage.data
from PIL import Image

from datasets.transforms import Avif

PHOTOGRAPH = Image.fromarray(skimage.data.coffee()).resize((150, 100))  # type: ignore[no-untyped-call]


def test_pixels_are_those_of_a_real_file() -> None:
    file = io.BytesIO()
    PHOTOGRAPH.save(file, "AVIF", quality=40, codec="aom", speed=10, max_threads=1)
    assert file.getvalue()[4:12] == b"ftypavif"
    with Image.open(file) as expected:
        assert Avif(40)(PHOTOGRAPH, np.random.default_rng(0)).tobytes() == expected.tobytes()


def test_a_grey_picture_stays_grey_and_about_the_same() -> None:
    grey = PHOTOGRAPH.convert("L")
    copy = Avif(95)(grey, np.random.default_rng(0))
    assert copy.mode == "L"
    assert np.abs(np.asarray(copy, dtype=int) - np.asarray(grey)).mean() < 2
