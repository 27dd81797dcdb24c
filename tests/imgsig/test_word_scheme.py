"""Word schemes against the reference's words and against their definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from imgsig import ConfigError, Grid, WordScheme, get_words
from imgsig.strips import STRIPS, get_strip

SIGNATURES = arrays(np.int8, 648, elements=st.integers(-2, 2))


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
def test_words_follow_their_definition(signature, scheme):
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
