"""Which codecs read what is stored."""

import numpy as np
import pytest

from bench.migrate.codec_detection import readable, readings, signature_config
from imgsig import ConfigError
from imgsig.codecs import get_codec


def test_codecs_that_read_the_same_are_one(signatures):
    codec = get_codec({"id": "context"})
    forms = [codec.to_json(form) for form in codec.encode_batch(signatures[:20])]
    ((found, values),) = readings(forms)
    assert found == codec
    assert (values == signatures[:20]).all()


def test_what_no_codec_writes_is_not_read():
    assert readings([[0] * 648, [0] * 647]) == []
    assert readings([["0"] * 648]) == []
    assert readings([{"a": 1}]) == []


def test_each_form_is_tried_by_itself():
    forms = [[0] * 648, [3] * 648, "text", [1] * 648]
    assert readable(forms, {"id": "int_array"}) == [0, 3]
    with pytest.raises(ConfigError, match="codec id"):
        readable(forms, {"id": "unknown"})


def test_a_grid_is_known_by_the_length_of_an_array():
    ((codec, values),) = readings([[0, 1] * 18])
    assert signature_config(codec) == {"n": 3, "diagonal_neighbors": False}
    assert np.array_equal(values[0], [0, 1] * 18)
