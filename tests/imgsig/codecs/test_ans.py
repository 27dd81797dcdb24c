import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgsig.codecs.ans import Decoder, encode

PRECISION = 8


@st.composite
def messages(draw):
    """Cumulative shares of each step, and the symbols of each message."""
    steps = draw(st.integers(0, 40))
    m = draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shares = 1 + rng.multinomial(2**PRECISION - 3, [0.9, 0.09, 0.01], size=(steps, m))
    ends = np.zeros((steps, 4, m), dtype=np.uint32)
    ends[:, 1:] = shares.transpose(0, 2, 1).cumsum(axis=1)
    return ends, rng.integers(0, 3, (steps, m))


def coded(ends, symbols):
    index = symbols[:, np.newaxis]
    starts = np.take_along_axis(ends, index, 1)[:, 0]
    return encode(
        np.take_along_axis(ends, index + 1, 1)[:, 0] - starts, starts, [PRECISION] * len(ends)
    )


def decoded(ends, codes):
    decoder = Decoder(codes)
    symbols = [decoder.decode(step, PRECISION) for step in ends]
    return np.array(symbols, dtype=np.intp).reshape(len(ends), len(codes)), decoder.at_end()


@settings(deadline=None)
@given(messages())
def test_round_trip(message):
    ends, symbols = message
    result, ended = decoded(ends, coded(ends, symbols))
    np.testing.assert_array_equal(result, symbols)
    assert ended.all()


@settings(deadline=None, max_examples=300)
@given(messages(), st.binary(max_size=24))
def test_every_code_is_of_one_message_or_refused(message, code):
    ends = message[0][:, :, :1]
    try:
        symbols, ended = decoded(ends, [code])
    except ValueError:
        assert code[0] == 0
        return
    if ended[0]:
        assert coded(ends, symbols) == [code]


@settings(deadline=None)
@given(messages())
def test_size_is_the_information_content(message):
    ends, symbols = message
    index = symbols[:, np.newaxis]
    shares = np.take_along_axis(ends, index + 1, 1) - np.take_along_axis(ends, index, 1)
    bits = -np.log2(shares[:, 0] / 2**PRECISION).sum(axis=0)
    sizes = np.array([len(code) for code in coded(ends, symbols)])
    assert (sizes <= (bits + PRECISION) / 8 + 1).all()


def test_a_leading_zero_is_refused():
    with pytest.raises(ValueError, match="zero byte"):
        Decoder([b"\0abc"])
