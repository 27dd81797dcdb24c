"""Words and word schemes against the reference's words and against their definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from imgsig import ConfigError, Grid, WordScheme, get_words
from imgsig.strips import STRIPS, get_strip
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


@st.composite
def schemes(draw):
    alphabet = draw(st.sampled_from(["ternary", "quinary"]))
    strip = draw(st.sampled_from(list(STRIPS)))
    k = draw(st.integers(1, 39 if alphabet == "ternary" else 27))
    length = get_strip(strip).count
    spacing = draw(st.sampled_from(["even", "disjoint", "chosen"]))
    if spacing == "chosen":
        spacing = tuple(sorted(draw(st.sets(st.integers(0, length - 1), min_size=1, max_size=20))))
        N = len(spacing)
    else:
        N = draw(st.integers(1, length // k if spacing == "disjoint" else length))
    return WordScheme(N=N, k=k, alphabet=alphabet, spacing=spacing, strip=strip)


@pytest.mark.parametrize(("k", "N"), [(16, 63), (10, 100), (16, 16), (12, 40), (8, 32)])
def test_the_default_words_are_the_reference(golden, k, N):
    scheme = WordScheme(N=N, k=k)
    assert scheme.is_reference
    np.testing.assert_array_equal(scheme.words(golden["signatures"]), golden[f"words_k{k}_N{N}"])


@given(signature=SIGNATURES, scheme=schemes())
def test_words_of_a_scheme_follow_their_definition(signature, scheme):
    half = scheme.base // 2
    kept = get_strip(scheme.strip).keep(signature[np.newaxis])[0]
    digits = [max(-half, min(half, int(value))) + half for value in kept] + [half] * scheme.k
    expected = [
        sum(digits[start + i] * scheme.base**i for i in range(scheme.k))
        for start in scheme.positions.tolist()
    ]
    assert scheme.words(signature).tolist() == expected


@given(scheme=schemes())
def test_a_config_gives_the_same_scheme(scheme):
    assert WordScheme.from_config(scheme.get_config()) == scheme
    assert scheme.positions.tolist() == sorted(set(scheme.positions.tolist()))
    assert scheme.positions[-1] < scheme.length


@given(signature=SIGNATURES)
def test_the_longest_words_fit_64_bits(signature):
    for alphabet, k in (("ternary", 39), ("quinary", 27)):
        words = WordScheme(N=8, k=k, alphabet=alphabet).words(np.full_like(signature, 2))
        assert words[0] == WordScheme(alphabet=alphabet).base ** k - 1


def test_another_grid_has_other_positions():
    grid = Grid(5)
    scheme = WordScheme(N=10, k=4, grid=grid)
    signature = np.random.default_rng(0).integers(-2, 3, grid.length).astype(np.int8)
    np.testing.assert_array_equal(scheme.words(signature), get_words(signature, 4, 10))
    with pytest.raises(ConfigError, match=r"648 values; this grid's have 200"):
        scheme.words(np.zeros(648, dtype=np.int8))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"alphabet": "binary"}, "alphabet must be one of ternary, quinary"),
        ({"alphabet": "quinary", "k": 28}, "more than 27 values do not fit"),
        ({"spacing": "random"}, "even, disjoint or a list"),
        ({"spacing": "disjoint"}, "63 disjoint words of 16 values need 1008 values"),
        ({"N": 2, "spacing": [5, 5]}, "ascending, each once"),
        ({"N": 2, "spacing": [5]}, "N = 2 positions"),
        ({"N": 2, "spacing": [5, 648]}, "positions are 0 to 647"),
        ({"N": 273, "strip": "half"}, "272 values has 1 to 272 words"),
        ({"strip": "third"}, "strip must be one of"),
        ({"words": 3}, r"no parameter 'words'; it takes N, k, alphabet, spacing, strip"),
        ({"alphabet": ["ternary"]}, "alphabet must be one of"),
        ({"strip": {"id": "half"}}, "strip must be one of"),
        ({"spacing": 5}, "spacing must be even, disjoint or a list"),
        ({"spacing": None}, "spacing must be even, disjoint or a list"),
        ("even", "takes a mapping of N, k"),
    ],
)
def test_impossible_schemes_say_the_limit(config, message):
    with pytest.raises(ConfigError, match=message):
        WordScheme.from_config(config)
