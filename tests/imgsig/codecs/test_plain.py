import numpy as np
import pytest

from imgsig.codecs import get_codec
from imgsig.errors import CodecError, ConfigError


def test_stores_nothing():
    codec = get_codec({"id": "none"})
    assert codec.encode_batch(np.zeros((3, 648), dtype=np.int8)) == [None] * 3
    assert not codec.lossless
    assert codec.get_config() == {"id": "none"}


def test_refuses_what_no_signature_is():
    with pytest.raises(CodecError, match="n_levels"):
        get_codec({"id": "none"}).encode(np.full(648, 3))


def test_decodes_nothing():
    with pytest.raises(CodecError, match="rank by score"):
        get_codec({"id": "none"}).decode(None)


def test_has_no_strip():
    with pytest.raises(ConfigError, match="nothing to strip"):
        get_codec({"id": "none", "strip": "half"})
