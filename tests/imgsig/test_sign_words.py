import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgsig import Grid, get_words
from imgsig.errors import CodecError, ConfigError
from imgsig.sign_words import known_signs, signs_from_words
from imgsig.strips import HalfStrip


@settings(deadline=None)
@given(
    st.builds(Grid, st.integers(2, 9), st.booleans()),
    st.integers(1, 39),
    st.integers(1, 200),
    st.data(),
)
def test_recovers_the_signs_that_words_hold(grid, k, N, data):
    k, N = min(k, grid.length), min(N, grid.length)
    strip = HalfStrip(grid)
    values = data.draw(hnp.arrays(np.int8, (2, strip.count), elements=st.integers(-2, 2)))
    signatures = strip.restore(values)
    known = known_signs(k, N, grid)
    expected = np.where(known, np.sign(signatures), 0)
    recovered = signs_from_words(get_words(signatures, k, N), k, grid)
    assert recovered.dtype == np.int8
    np.testing.assert_array_equal(recovered, expected)
    np.testing.assert_array_equal(
        signs_from_words(get_words(signatures[0], k, N), k, grid), expected[0]
    )


def test_default_words_hold_every_sign(golden):
    assert known_signs().all()
    np.testing.assert_array_equal(
        signs_from_words(golden["words_k16_N63"]), np.sign(golden["signatures"])
    )


def test_words_of_two_signatures_disagree(golden):
    words = golden["words_k16_N63"][0].copy()
    words[30:] = golden["words_k16_N63"][1][30:]
    with pytest.raises(CodecError, match="disagree"):
        signs_from_words(words)


def test_values_past_the_end_must_be_zero(golden):
    words = golden["words_k16_N63"][0].copy()
    words[-1] += 3**15
    with pytest.raises(CodecError, match="disagree"):
        signs_from_words(words)


@pytest.mark.parametrize("word", [-1, 3**16])
def test_impossible_words_are_refused(golden, word):
    words = golden["words_k16_N63"][0].copy()
    words[5] = word
    with pytest.raises(CodecError, match="is k right"):
        signs_from_words(words)


@pytest.mark.parametrize("words", [1, [[[1]]], [1.0], ["a"]])
def test_anything_but_words_is_refused(words):
    with pytest.raises(CodecError, match="int64"):
        signs_from_words(words)


def test_impossible_parameters_are_refused():
    with pytest.raises(ConfigError, match="k = 40"):
        signs_from_words(np.zeros(63, dtype=np.int64), k=40)
