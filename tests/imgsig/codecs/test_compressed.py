import json
import tracemalloc

import numpy as np
import pytest

from imgsig.codecs import get_codec
from imgsig.errors import CodecError, ConfigError

COMPRESSORS = ["zlib", "zstd", "brotli"]


@pytest.fixture(params=COMPRESSORS)
def codec_id(request) -> str:
    return request.param


@pytest.mark.parametrize("strip", ["none", "border", "half"])
def test_packed_form_round_trips(codec_id, strip, golden):
    codec = get_codec({"id": codec_id, "strip": strip, "form": "packed"})
    assert get_codec(json.loads(repr(codec))) == codec
    assert codec != get_codec({"id": codec_id, "strip": strip})
    stored = codec.encode_batch(golden["signatures"])
    np.testing.assert_array_equal(codec.decode_batch(stored), golden["signatures"])


def test_unknown_form_is_refused(codec_id):
    with pytest.raises(ConfigError, match="bytes, packed"):
        get_codec({"id": codec_id, "form": "text"})


def test_trailing_bytes_are_refused(codec_id, golden):
    codec = get_codec({"id": codec_id, "strip": "half"})
    stored = codec.encode(golden["signatures"][0])
    with pytest.raises(CodecError, match="did not write"):
        codec.decode(stored + b"\0")


def test_every_cut_is_refused(codec_id, golden):
    codec = get_codec({"id": codec_id, "strip": "half"})
    stored = codec.encode(golden["signatures"][0])
    for end in range(len(stored)):
        with pytest.raises(CodecError):
            codec.decode(stored[:end])


def test_what_expands_without_end_is_refused(codec_id):
    codec = get_codec({"id": codec_id})
    with pytest.raises(CodecError):
        codec.decode(codec._compress(bytes(1_000_000)))
    with pytest.raises(CodecError, match="as many bytes"):
        codec.decode(bytes(2000))


@pytest.mark.parametrize("codec_id", ["zstd", "zstd_dict"])
def test_a_frame_of_repeats_does_not_fill_the_memory(codec_id):
    # 1.3 KB that say they are 42 MB: blocks of one byte, repeated (RFC 8878, 3.1.1.2).
    window_log, blocks = 27, 320
    block = (1 << 1 | 131_072 << 3).to_bytes(3, "little") + b"\0"
    last = (1 | 1 << 1 | 131_072 << 3).to_bytes(3, "little") + b"\0"
    frame = bytes([0, (window_log - 10) << 3]) + block * (blocks - 1) + last
    codec = get_codec({"id": codec_id})
    tracemalloc.start()
    try:
        with pytest.raises(CodecError, match="did not write this"):
            codec.decode_batch([frame] * 10)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("codec_id", "package"), [("zstd", "zstandard"), ("brotli", "brotli")])
def test_a_missing_package_is_named(codec_id, package, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, package, None)
    with pytest.raises(ConfigError, match=rf"{package}: pip install \"imgsig\[codecs\]\""):
        get_codec({"id": codec_id})
