"""What the guide says of EXIF and transparency is what the options do."""

import pandas as pd

from tools.pixel_options import RECORDED, measure


def test_what_was_recorded_is_what_the_options_do():
    pd.testing.assert_frame_equal(measure(), pd.read_csv(RECORDED), check_exact=True)


def test_files_without_exif_and_transparency_are_left_alone_and_others_are_not():
    table = pd.read_csv(RECORDED).set_index("file")["distance"]
    assert (table[["RGB, JPEG", "RGBA, opaque, PNG"]] == 0).all()
    assert (table.drop(["RGB, JPEG", "RGBA, opaque, PNG"]) > 0.04).all()
