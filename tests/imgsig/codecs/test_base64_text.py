import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgsig.codecs.base64_text import base64_of_bytes, bytes_of_base64
from imgsig.errors import CodecError


@given(st.binary())
def test_round_trip(data):
    assert bytes_of_base64(base64_of_bytes(data)) == data


@given(st.text())
def test_reads_only_what_it_writes(text):
    try:
        data = bytes_of_base64(text)
    except CodecError:
        return
    assert base64_of_bytes(data) == text


@pytest.mark.parametrize("text", ["AB", "AA==", "A", "A A", "ÄÄÄÄ", "AA\n", b"AAAA", None])
def test_refuses_padding_stray_bits_and_other_types(text):
    with pytest.raises(CodecError):
        bytes_of_base64(text)
