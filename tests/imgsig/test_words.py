"""Words against the reference and against their definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from imgsig import ConfigError, get_words
from imgsig.words import MAX_K_INT32, word_positions

SIGNATURES = arrays(np.int8, 648, elements=st.integers(-2, 2))


@pytest.mark.parametrize(("k", "N"), [(16, 63), (10, 100), (16, 16), (12, 40), (8, 32)])
def test_words_equal_the_reference(golden, k, N):
    np.testing.assert_array_equal(get_words(golden["signatures"], k, N), golden[f"words_k{k}_N{N}"])


@given(signature=SIGNATURES, k=st.integers(1, 39), N=st.integers(1, 648))
def test_words_follow_their_definition(signature, k, N):
    squeezed = [max(-1, min(1, int(value))) for value in signature] + [0] * k
    # As the reference rounds: 648 / N first, in floating point.
    positions = [int(i * (648 / N)) for i in range(N)]
    expected = [sum((squeezed[at + j] + 1) * 3**j for j in range(k)) for at in positions]
    assert get_words(signature, k, N).tolist() == expected


@given(signature=SIGNATURES)
def test_words_fit_the_integer_types_they_are_said_to_fit(signature):
    assert get_words(signature, MAX_K_INT32, 63).max() < 2**31
    longest = get_words(signature, 39, 63)
    assert longest.min() >= 0
    assert longest.dtype == np.int64


def test_a_batch_gives_the_same_words(golden):
    batch = get_words(golden["signatures"], 12, 40)
    for signature, words in zip(golden["signatures"], batch, strict=True):
        np.testing.assert_array_equal(get_words(signature, 12, 40), words)


def test_positions_are_those_of_numpy_for_every_count():
    for N in range(1, 649):
        reference = np.linspace(0, 648, N, endpoint=False).astype("int")
        np.testing.assert_array_equal(word_positions(N), reference)
        assert word_positions(N).tolist() == [int(i * (648 / N)) for i in range(N)]


def test_positions_are_ascending_and_start_at_the_beginning():
    positions = word_positions(63)
    assert positions[0] == 0
    assert (np.diff(positions) >= 10).all()
    assert positions[-1] < 648


@pytest.mark.parametrize(
    ("k", "N", "message"),
    [
        (0, 63, "k = 0"),
        (40, 63, r"3\^k must fit"),
        (16, 0, "N = 0"),
        (16, 649, "lower N"),
        (2.5, 63, "k must be an integer"),
        (16, True, "N must be an integer"),
    ],
)
def test_impossible_parameters_name_value_and_limit(k, N, message):
    with pytest.raises(ConfigError, match=message):
        get_words(np.zeros(648, dtype=np.int8), k, N)
