import numpy as np
import pytest

from bench.kinds.codecs.speed import MIN_REPEATS, measured_configs, repeated, size_of
from imgsig.codecs import codec_ids, get_codec
from imgsig.errors import CodecError


def test_each_config_is_measured_once():
    codecs = [repr(get_codec(config)) for config in measured_configs()]
    assert len(set(codecs)) == len(codecs)
    assert {config["id"] for config in measured_configs()} == set(codec_ids()) - {"none"}


def test_size_of_text_is_in_utf_8():
    assert size_of("ä") == 2
    with pytest.raises(CodecError):
        size_of(None)


def test_the_first_call_is_not_counted():
    calls = []
    seconds = repeated(lambda: calls.append(0), most=MIN_REPEATS)
    assert len(calls) == len(seconds) + 1 == MIN_REPEATS + 1
    assert (np.array(seconds) >= 0).all()
