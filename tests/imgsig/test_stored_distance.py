import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgsig import Grid, normalized_distance
from imgsig.codecs import codec_ids, get_codec
from imgsig.errors import CodecError, ConfigError
from imgsig.stored_distance import half_distance, stored_distance
from imgsig.strips import HalfStrip


def test_half_distance_is_the_reference_to_the_last_bit(golden):
    signatures = golden["signatures"]
    values = HalfStrip().keep(signatures)
    together = half_distance(values, values)
    np.testing.assert_array_equal(together, golden["distances"])
    for query, row in zip(values, together, strict=True):
        np.testing.assert_array_equal(half_distance(values, query), row)


@settings(deadline=None)
@given(st.integers(1, 127), st.booleans(), st.data())
def test_half_distance_is_the_whole_signatures(levels, diagonal, data):
    strip = HalfStrip(Grid(9, diagonal))
    drawn = hnp.arrays(np.int8, (4, strip.count), elements=st.integers(-levels, levels))
    values = data.draw(drawn)
    signatures = strip.restore(values)
    np.testing.assert_array_equal(
        half_distance(values, values[0]), normalized_distance(signatures, signatures[0])
    )


def test_featureless_pictures_have_the_value_asked_for():
    nothing = np.zeros((2, 272), dtype=np.int8)
    assert half_distance(nothing, nothing[0], nan_value=0.5).tolist() == [0.5, 0.5]


def test_other_numbers_of_values_are_refused():
    with pytest.raises(ValueError, match="same number"):
        half_distance(np.zeros((2, 272)), np.zeros(271))


@pytest.mark.parametrize("codec_id", [i for i in codec_ids() if get_codec({"id": i}).lossless])
@pytest.mark.parametrize("strip", ["none", "half"])
def test_stored_distance_is_the_reference_to_the_last_bit(codec_id, strip, golden):
    codec = get_codec({"id": codec_id, "strip": strip})
    stored = codec.encode_batch(golden["signatures"])
    for query, expected in list(zip(golden["signatures"], golden["distances"], strict=True))[::9]:
        np.testing.assert_array_equal(stored_distance(codec, stored, query), expected)


@pytest.mark.parametrize("strip", ["none", "half"])
def test_irregular_signatures_have_their_distance(strip, golden):
    signatures = golden["signatures"].copy()
    signatures[3, 0] = 2
    codec = get_codec({"id": "packed", "strip": strip})
    stored = codec.encode_batch(signatures)
    for query in (signatures[3], signatures[4]):
        np.testing.assert_array_equal(
            stored_distance(codec, stored, query), normalized_distance(signatures, query)
        )


def test_damaged_forms_are_refused(golden):
    codec = get_codec({"id": "packed", "strip": "half"})
    with pytest.raises(CodecError, match="damaged"):
        stored_distance(codec, [b"\xff" * 79], golden["signatures"][0])


def test_what_is_not_stored_has_no_distance(golden):
    with pytest.raises(ConfigError, match="stores nothing"):
        stored_distance(get_codec({"id": "none"}), [None], golden["signatures"][0])
