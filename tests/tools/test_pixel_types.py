"""What the guide says of pixel types is what image-match does."""

import pandas as pd
import pytest

from bench.kinds.speed.peers.session import open_session
from tools.pixel_types import PHOTOGRAPHS, PIXEL_TYPES, RECORDED, WAYS, measure

pytestmark = pytest.mark.slow


def test_what_was_recorded_is_what_image_match_does():
    recorded = pd.read_csv(RECORDED, keep_default_na=False, na_values={"distance": [""]})
    one = PHOTOGRAPHS[0]
    with open_session() as session:
        now = measure(session, [one])
    expected = recorded[recorded["photograph"] == one].reset_index(drop=True)
    pd.testing.assert_frame_equal(now, expected, check_exact=True)


def test_every_type_is_recorded_both_ways_of_every_photograph():
    recorded = pd.read_csv(RECORDED).value_counts(["pixels", "way", "photograph"])
    expected = {(p, w, name) for p in PIXEL_TYPES for w in WAYS for name in PHOTOGRAPHS}
    assert recorded.to_dict() == dict.fromkeys(expected, 1)


def test_converted_to_rgb_every_type_is_what_image_match_takes_of_bytes():
    recorded = pd.read_csv(RECORDED)
    assert (recorded.loc[recorded["way"] == "bytes", "different_as_rgb"] == 0).all()


def test_readme_names_the_types_that_differ():
    recorded = pd.read_csv(RECORDED)
    differ = recorded[recorded["different"] > 0].groupby("way")["pixels"].agg(set)
    named = {
        "path": ("CMYK", "YCbCr", "LAB"),
        "bytes": ("grey", "16-bit", "32-bit", "semi-transparent"),
    }
    for way, words in named.items():
        assert all(any(word in pixels for word in words) for pixels in differ[way]), way
        for word in words:
            assert any(word in pixels for pixels in differ[way]), word
