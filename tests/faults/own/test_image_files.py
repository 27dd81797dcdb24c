"""The files that are spoilt are whole, and lie where they are meant to."""

import io

import pytest
from PIL import Image

from imgsig import CorruptImageError, generate_signature
from tests.faults.image_files import READ, lying_files, missing_seeds, seed_files

#: Icons come in sizes of their own.
SIZES = {"ICNS": (1024, 1024), "ICO": (48, 36)}


def test_every_format_that_is_read_has_a_file_of_that_format():
    assert missing_seeds() == frozenset()
    for name, data in seed_files().items():
        if name in READ:
            with Image.open(io.BytesIO(data)) as picture:
                picture.load()
                assert picture.format == name
                assert picture.size == SIZES.get(name, (64, 48))


def test_false_sizes_are_refused_for_their_pixels():
    for data in lying_files().values():
        with pytest.raises(CorruptImageError, match=r"3600000000 pixels.*scale it down"):
            generate_signature(data)
