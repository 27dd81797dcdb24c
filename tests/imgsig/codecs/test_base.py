"""Laws that every codec obeys, over every strip and several grids; and base64 as it is written."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgsig.codecs import Codec, codec_ids, get_codec
from imgsig.codecs.base import base64_of_bytes, bytes_of_base64
from imgsig.errors import CodecError, ConfigError

few = settings(max_examples=12, deadline=None)


@few
@given(data=st.data())
def test_round_trip(codec, signatures_of, data):
    signatures = data.draw(signatures_of(codec))
    stored = codec.encode_batch(signatures)
    decoded = codec.decode_batch(stored)
    assert decoded.dtype == np.int8
    assert decoded.shape == signatures.shape
    if codec.lossless:
        np.testing.assert_array_equal(decoded, signatures)
    # What is lost is lost at once: encoding again changes nothing.
    assert codec.encode_batch(decoded) == stored
    np.testing.assert_array_equal(codec.decode_batch(stored), decoded)


@pytest.mark.slow
@few
@given(data=st.data())
def test_one_by_one_is_the_batch(codec, signatures_of, data):
    signatures = data.draw(signatures_of(codec))
    stored = codec.encode_batch(signatures)
    assert all(type(form) is codec.stored_type for form in stored)
    assert [codec.encode(signature) for signature in signatures] == stored
    assert [codec.encode(signature.tolist()) for signature in signatures] == stored
    decoded = codec.decode_batch(stored)
    for form, signature in zip(stored, decoded, strict=True):
        np.testing.assert_array_equal(codec.decode(form), signature)


@few
@given(data=st.data())
def test_stored_forms_survive_json(codec, signatures_of, data):
    stored = codec.encode_batch(data.draw(signatures_of(codec)))
    read = [codec.from_json(json.loads(json.dumps(codec.to_json(form)))) for form in stored]
    assert read == stored


def test_base64_is_read_as_engines_return_it(codec):
    """A binary field of Elasticsearch takes and gives base64 with padding."""
    rng = np.random.default_rng(0)
    for signature in rng.integers(-codec.n_levels, codec.n_levels + 1, (6, codec.grid.length)):
        form = codec.encode(signature)
        value = codec.to_json(form)
        if codec.stored_type is bytes:
            value += "=" * (-len(value) % 4)
        assert codec.from_json(value) == form


@pytest.mark.parametrize("text", ["=", "==", "====", "AA=", "A===", "AAA==", "AA==AAAA", "AB==", 5])
def test_base64_with_other_padding_is_refused(text):
    with pytest.raises(CodecError, match="base64"):
        get_codec({"id": "packed"}).from_json(text)


def damaged(form, data):
    """A stored form with one element replaced, taken out or put in, or another of its type."""
    if isinstance(form, bytes):
        elements, join = st.integers(0, 255), bytes
    elif isinstance(form, str):
        elements, join = st.characters(), "".join
    else:
        elements, join = st.integers(-130, 130), list
    change = data.draw(st.sampled_from(["replace", "remove", "insert", "anything"]))
    if change == "anything":
        return join(data.draw(st.lists(elements, max_size=90)))
    items = list(form)
    at = data.draw(st.integers(0, max(0, len(items) - 1)))
    if change in ("replace", "remove"):
        del items[at : at + 1]
    if change in ("replace", "insert"):
        items.insert(at, data.draw(elements))
    return join(items)


@pytest.mark.slow
@settings(parent=few, max_examples=25)
@given(data=st.data())
def test_decodes_only_what_encodes_to_the_same(codec, signatures_of, data):
    form = damaged(codec.encode_batch(data.draw(signatures_of(codec)))[0], data)
    try:
        signature = codec.decode(form)
    except CodecError:
        return
    stored = codec.encode(signature)
    if codec.canonical:
        assert stored == form
    else:
        np.testing.assert_array_equal(codec.decode(stored), signature)


def test_forms_of_another_type_are_refused(codec):
    form = codec.encode(np.zeros(codec.grid.length, dtype=np.int8))
    others = {list: [0] * 5, str: "0" * 5, bytes: bytes(5)}
    others.pop(codec.stored_type)
    for other in (*others.values(), None, 1, np.zeros(5)):
        with pytest.raises(CodecError, match="stores"):
            codec.decode_batch([form, other])


def test_values_out_of_range_are_refused(codec):
    signatures = np.zeros((2, codec.grid.length), dtype=np.int16)
    for value in (codec.n_levels + 1, -codec.n_levels - 1, 300):
        signatures[1, -1] = value
        with pytest.raises(CodecError, match=r"n_levels"):
            codec.encode_batch(signatures)


def test_anything_but_integers_of_the_right_length_is_refused(codec):
    length = codec.grid.length
    for wrong in (
        np.zeros(length + 1, dtype=np.int8),
        np.zeros(length - 1, dtype=np.int8),
        np.zeros((length, 1), dtype=np.int8),
        np.zeros(length, dtype=np.float64),
        np.zeros(length, dtype=np.bool_),
        ["0"] * length,
        [[0], [0, 0]],
        np.int8(0),
    ):
        with pytest.raises(CodecError):
            codec.encode(wrong)


def test_no_signatures_are_an_empty_batch(codec):
    assert codec.encode_batch(np.empty((0, codec.grid.length), dtype=np.int8)) == []
    assert codec.decode_batch([]).shape == (0, codec.grid.length)


def test_config_is_the_identity(codec):
    config = json.loads(json.dumps(codec.get_config()))
    again = get_codec(config)
    assert again == codec
    assert hash(again) == hash(codec)
    assert again.get_config() == config
    assert json.loads(repr(codec)) == config
    assert codec != get_codec({**config, "strip": "half" if config["strip"] == "none" else "none"})


@pytest.mark.parametrize("codec_id", codec_ids())
@pytest.mark.parametrize(
    "wrong",
    [
        {"strip": "all"},
        {"strip": ["half"]},
        {"n": 1},
        {"n_levels": 128},
        {"n_levels": True},
        {"diagonal_neighbors": 1},
        {"colour": 1},
    ],
)
def test_wrong_parameters_are_refused(codec_id, wrong):
    with pytest.raises(ConfigError):
        get_codec({"id": codec_id, **wrong})


@pytest.mark.parametrize("codec_id", codec_ids())
def test_a_wrong_key_is_named_with_those_that_there_are(codec_id):
    with pytest.raises(ConfigError) as raised:
        get_codec({"id": codec_id, "stripp": "half"})
    form = ", form" if "form" in vars(get_codec({"id": codec_id})) else ""
    assert str(raised.value) == (
        f"codec {codec_id!r} has no parameter 'stripp'; it takes id, strip{form}, n, "
        "diagonal_neighbors, n_levels"
    )


def test_every_codec_says_what_it_is(codec):
    assert isinstance(codec, Codec)
    assert codec.stored_type in (list, str, bytes)
    assert codec.codec_id in repr(codec)


@given(st.binary())
def test_base64_round_trip(data):
    assert bytes_of_base64(base64_of_bytes(data)) == data


@given(st.text())
def test_base64_reads_only_what_it_writes(text):
    try:
        data = bytes_of_base64(text)
    except CodecError:
        return
    assert base64_of_bytes(data) == text


@pytest.mark.parametrize("text", ["AB", "AA==", "A", "A A", "ÄÄÄÄ", "AA\n", b"AAAA", None])
def test_base64_refuses_padding_stray_bits_and_other_types(text):
    with pytest.raises(CodecError):
        bytes_of_base64(text)
