"""What the guide says of pixel types is what image-match does."""

import pandas as pd
import pytest

from bench.peers.session import open_session
from imgsig import CorruptImageError, SignatureConfig, generate_signature
from tools.pixel_types import (
    PHOTOGRAPHS,
    PIXEL_TYPES,
    RECORDED,
    WAYS,
    digest,
    made_file,
    measure,
)


def read():
    text = {"signature": str}
    return pd.read_csv(RECORDED, keep_default_na=False, na_values={"distance": [""]}, dtype=text)


@pytest.mark.slow
def test_what_was_recorded_is_what_image_match_does():
    recorded = read()
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
    recorded = read()
    of_bytes = recorded[(recorded["way"] == "bytes") & (recorded["refused"] == "")]
    assert (of_bytes["different_as_rgb"] == 0).all()


def test_by_the_rule_of_its_way_every_signature_was_that_of_image_match():
    recorded = read()
    given = recorded["refused"] == ""
    assert (recorded.loc[given, "different_by_rule"] == 0).all()
    assert given.sum() > 200


@pytest.mark.parametrize("pixels", PIXEL_TYPES)
def test_by_the_rule_of_its_way_a_file_has_the_signature_of_image_match(pixels, tmp_path):
    path = made_file(pixels, PHOTOGRAPHS[0], tmp_path)
    recorded = read()
    rows = recorded[(recorded["pixels"] == pixels) & (recorded["photograph"] == PHOTOGRAPHS[0])]
    expected = rows.set_index("way")["signature"]
    assert set(expected.index) == set(WAYS)
    for way in WAYS:
        ours = signed(path, SignatureConfig(pixels=way))
        # What is refused there is here what it is by default.
        assert ours == (expected[way] or signed(path, SignatureConfig())), way
        assert ours == signed(path.read_bytes(), SignatureConfig(pixels=way)), way


def signed(picture, config):
    """Digest of a signature; empty for what is refused."""
    try:
        return digest(generate_signature(picture, config))
    except CorruptImageError:
        return ""


def test_the_guide_names_the_types_that_differ():
    recorded = read()
    differ = recorded[recorded["different"] > 0].groupby("way")["pixels"].agg(set)
    named = {
        "path": (
            "CMYK",
            "YCbCr",
            "LAB",
            "palette, TIFF",
            "white as 0",
            "TIFF turned",
            "three grey",
        ),
        "bytes": ("grey", "16-bit", "32-bit", "semi-transparent"),
    }
    for way, words in named.items():
        assert all(any(word in pixels for word in words) for pixels in differ[way]), way
        for word in words:
            assert any(word in pixels for pixels in differ[way]), word
