import numpy as np
import pytest

from imgsig.codecs import context, get_codec
from imgsig.errors import CodecError, ConfigError
from imgsig.strips import get_strip


@pytest.fixture(scope="module")
def codec():
    return get_codec({"id": "context", "strip": "half"})


def test_real_signatures_take_far_fewer_bytes_than_packed(codec, golden):
    stored = codec.encode_batch(golden["signatures"])
    np.testing.assert_array_equal(codec.decode_batch(stored), golden["signatures"])
    assert np.mean([len(form) for form in stored]) < 50


def test_every_strip_stores_the_same_bytes(codec, golden):
    stored = codec.encode_batch(golden["signatures"])
    for strip in ("none", "border"):
        other = get_codec({"id": "context", "strip": strip})
        assert other.encode_batch(golden["signatures"]) == stored
        assert other != codec


def test_unlikely_signatures_take_no_more_than_packed(codec):
    rng = np.random.default_rng(0)
    noise = get_strip("half").restore(rng.integers(-2, 3, (50, 272)).astype(np.int8))
    stored = codec.encode_batch(noise)
    assert {len(form) for form in stored} == {79}
    assert stored == get_codec({"id": "packed", "strip": "half"}).encode_batch(noise)
    np.testing.assert_array_equal(codec.decode_batch(stored), noise)


def test_irregular_signatures_are_packed_whole(codec):
    noise = np.random.default_rng(0).integers(-2, 3, (5, 648)).astype(np.int8)
    stored = codec.encode_batch(noise)
    assert {len(form) for form in stored} == {189}
    np.testing.assert_array_equal(codec.decode_batch(stored), noise)


def test_what_would_be_coded_shorter_is_refused(codec, golden):
    packed = get_codec({"id": "packed", "strip": "half"}).encode(golden["signatures"][0])
    with pytest.raises(CodecError, match="shorter"):
        codec.decode(packed)


def test_batches_of_every_size_store_the_same(codec, golden, monkeypatch):
    signatures = golden["signatures"]
    stored = codec.encode_batch(signatures)
    for size in (1, 7):
        monkeypatch.setattr(context, "BLOCK", size)
        assert codec.encode_batch(signatures[:15]) == stored[:15]
        np.testing.assert_array_equal(codec.decode_batch(stored[:15]), signatures[:15])


@pytest.mark.slow
def test_every_change_of_a_bit_is_refused_or_another_signature(codec, golden):
    form = codec.encode(golden["signatures"][0])
    for bit in range(0, 8 * len(form), 3):
        damaged = bytearray(form)
        damaged[bit // 8] ^= 1 << bit % 8
        try:
            signature = codec.decode(bytes(damaged))
        except CodecError:
            continue
        assert codec.encode(signature) == bytes(damaged)


@pytest.mark.parametrize("other", [{"n": 8}, {"diagonal_neighbors": False}, {"n_levels": 3}])
def test_other_grids_are_refused(other):
    with pytest.raises(ConfigError, match="choose packed"):
        get_codec({"id": "context", **other})
