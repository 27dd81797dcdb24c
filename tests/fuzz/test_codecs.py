"""Whatever a codec is given to decode: a valid signature, or the documented error.

`make fuzz` runs these with many more examples.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgsig.codecs import codec_ids, get_codec
from imgsig.errors import CodecError

pytestmark = pytest.mark.slow

#: There are many codecs: each gets a share of the profile's examples.
share = settings(max_examples=settings().max_examples // 4)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@pytest.fixture(
    scope="module",
    params=[(codec_id, strip) for codec_id in codec_ids() for strip in ("none", "half")],
    ids="-".join,
)
def codec(request):
    codec_id, strip = request.param
    return get_codec({"id": codec_id} | ({"strip": strip} if codec_id != "none" else {}))


def forms_of(codec, sizes):
    """Stored forms of a codec's own type, with sizes that it takes among others."""
    size = st.one_of(st.sampled_from(sizes), st.integers(0, 700))
    if codec.stored_type is bytes:
        return size.flatmap(lambda n: st.binary(min_size=n, max_size=n))
    if codec.stored_type is str:
        one = st.sampled_from("09AZaz!~") | st.characters()
        return size.flatmap(lambda n: st.lists(one, min_size=n, max_size=n).map("".join))
    value = st.integers(-2, 2) | st.integers()
    return size.flatmap(lambda n: st.lists(value, min_size=n, max_size=n))


@pytest.fixture(scope="module")
def sizes(codec):
    """Sizes of stored forms, of a stripped signature and of one that is not."""
    if codec.codec_id == "none":
        return [0]
    flat, odd = np.zeros((2, 648), dtype=np.int8)
    odd[0] = 1
    return sorted({len(form) for form in codec.encode_batch([flat, odd])})


def check(codec, stored):
    try:
        signature = codec.decode(stored)
    except CodecError as error:
        str(error).encode()
        return
    assert signature.dtype == np.int8
    assert signature.shape == (648,)
    assert np.abs(signature).max() <= 2


@share
@given(data=st.data())
def test_any_form_of_its_type(codec, sizes, data):
    check(codec, data.draw(forms_of(codec, sizes)))


@share
@given(value=json_values)
def test_any_json(codec, value):
    try:
        stored = codec.from_json(value)
    except CodecError:
        return
    check(codec, stored)


def test_a_form_of_a_megabyte(codec):
    megabyte = {bytes: b"\x01" * 2**20, str: "z" * 2**20, list: [1] * 2**20}
    for form in megabyte.values():
        with pytest.raises(CodecError):
            codec.decode(form)
