"""How many bytes or characters each codec of one size takes, by strip."""

import numpy as np
import pytest

from imgsig.codecs import get_codec

SIZES = {
    "int_array": (648, 544, 272),
    "int8": (648, 544, 272),
    "int8_base64": (864, 726, 363),
    "base36": (292, 245, 123),
    "base62": (253, 213, 107),
    "base85": (235, 198, 99),
    "packed": (189, 158, 79),
    "three_per_byte": (216, 182, 91),
    "bitplanes": (243, 204, 102),
    "sign": (129, 108, 54),
}


@pytest.mark.parametrize("codec_id", SIZES)
def test_size(codec_id, golden):
    for strip, size in zip(("none", "border", "half"), SIZES[codec_id], strict=True):
        codec = get_codec({"id": codec_id, "strip": strip})
        assert {len(form) for form in codec.encode_batch(golden["signatures"])} == {size}


def test_packed_as_text_takes_106_characters(golden):
    codec = get_codec({"id": "packed", "strip": "half"})
    assert len(codec.to_json(codec.encode(golden["signatures"][0]))) == 106


def test_base62_is_the_number_in_its_digits(golden):
    signature = golden["signatures"][5]
    number = sum((int(value) + 2) * 5**place for place, value in enumerate(signature))
    text = get_codec({"id": "base62"}).encode(signature)
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    assert sum(digits.index(c) * 62**place for place, c in enumerate(reversed(text))) == number


def test_packed_is_the_number_little_endian(golden):
    codec = get_codec({"id": "packed", "strip": "half"})
    kept = codec.strip.keep(golden["signatures"][:1])[0]
    number = sum((int(value) + 2) * 5**place for place, value in enumerate(kept))
    assert codec.encode(golden["signatures"][0]) == number.to_bytes(79, "little")


def test_sign_keeps_signs_only(golden):
    for strip in ("none", "half"):
        codec = get_codec({"id": "sign", "strip": strip})
        decoded = codec.decode_batch(codec.encode_batch(golden["signatures"]))
        np.testing.assert_array_equal(decoded, np.sign(golden["signatures"]))
    assert not codec.lossless
