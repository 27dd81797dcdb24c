"""The files that are timed."""

import numpy as np
import pytest
from PIL import Image

from bench.kinds.speed.config import Goal
from bench.kinds.speed.files import timed_files
from datasets import open_collection
from imgsig.image import grey_levels


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    noise = np.random.default_rng(2).integers(0, 256, (60, 90, 3), dtype=np.uint8)
    Image.fromarray(noise).save(folder / "a.jpg", quality=80)
    Image.fromarray(noise).save(folder / "b.png")
    return open_collection(f"folder:{folder}").pictures()


def test_photographs_come_as_they_are_or_scaled(pictures, tmp_path):
    goal = Goal(
        title="t",
        tool="exact",
        made=[64, 48],
        photographs=[
            {"photo": "a.jpg"},
            {"photo": "a.jpg", "megapixels": 0.0216},
            {"photo": "b.png"},
        ],
    )
    made, as_it_is, scaled, stored = timed_files(goal, pictures, tmp_path)
    assert as_it_is.path.read_bytes() == pictures.read_bytes("a.jpg")
    assert (made.name, scaled.name) == ("made 64×48", "a.jpg as 180×120")
    assert scaled.megapixels == 0.0216
    for file, size in ((made, (64, 48)), (scaled, (180, 120)), (stored, (90, 60))):
        with Image.open(file.path) as picture:
            assert (picture.format, picture.size) == ("JPEG", size)
    again = next(timed_files(goal, pictures, tmp_path / "again"))
    assert again.path.read_bytes() == made.path.read_bytes()


def test_arrays_are_the_grey_levels_of_the_picture(pictures, tmp_path):
    goal = Goal(title="t", tool="exact, array", photographs=[{"photo": "a.jpg"}])
    (file,) = timed_files(goal, pictures, tmp_path)
    expected = grey_levels(pictures.read_bytes("a.jpg"))
    assert expected.dtype == np.float64
    assert (np.load(file.path) == expected).all()
