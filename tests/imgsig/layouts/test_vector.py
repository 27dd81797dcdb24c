"""Vectors: the bit code's distance, and scores that are whole numbers again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from imgsig import Grid, WordScheme
from imgsig.codecs import get_codec
from imgsig.errors import ConfigError, ScoreError
from imgsig.layouts.vector import SIGN, SIGN_PAIR, THERMOMETER, Vector, level_bits
from imgsig.strips import get_strip

VALUES = arrays(np.int8, (2, 10), elements=st.integers(-2, 2))
SCHEME = WordScheme()


@given(values=VALUES)
def test_hamming_distance_of_codes_is_the_l1_distance(values):
    first, second = np.unpackbits(level_bits(values), axis=1)
    assert (first != second).sum() == np.abs(values[0] - values[1]).sum()
    assert first.sum() == (values[0] + 2).sum()


@pytest.mark.parametrize("levels", [SIGN, SIGN_PAIR])
def test_few_levels_count_what_lies_on_two_sides_of_them(levels, signatures):
    matcher = Vector("bit", "flat", levels=levels)
    scores = matcher.scorer(SCHEME, signatures)(signatures[0])
    bits = [signatures > level for level in levels]
    # A value and its mirror are on two sides of mirrored levels, so both halves are looked at.
    free = get_strip("half", SCHEME.grid).kept
    apart = sum((one != one[0])[:, free].sum(axis=1) for one in bits)
    np.testing.assert_array_equal(matcher.largest_score(SCHEME) - scores, apart)
    assert matcher.largest_score(SCHEME) == 1 + 272 * len(levels)
    assert matcher.of_signs
    np.testing.assert_array_equal(
        matcher.scorer(SCHEME, np.sign(signatures))(signatures[0]), scores
    )


@pytest.mark.parametrize("element", ["byte", "bit"])
def test_scores_are_distances_below_the_largest(element, signatures):
    matcher = Vector(element, "flat")
    scores = matcher.scorer(SCHEME, signatures)(signatures[0])
    power = 2 if element == "byte" else 1
    apart = np.abs(signatures.astype(np.int64) - signatures[0]) ** power
    # Every free value stands in the signature twice.
    np.testing.assert_array_equal(matcher.largest_score(SCHEME) - scores, apart.sum(axis=1) // 2)
    opposite = matcher.scorer(SCHEME, np.full((1, 648), 2, dtype=np.int8))
    assert opposite(np.full(648, -2, dtype=np.int8)).tolist() == [1]


@pytest.mark.parametrize(("element", "largest"), [("byte", 1 + 16 * 272), ("bit", 1 + 4 * 272)])
def test_every_score_of_the_engine_is_read_back(element, largest):
    matcher = Vector(element, "hnsw")
    assert matcher.largest_score(SCHEME) == largest
    apart = np.arange(largest)
    given_scores = 1 / (1 + apart) if element == "byte" else (1088 - apart) / 1088
    read = matcher.whole_scores(SCHEME, given_scores.astype(np.float32).astype(np.float64))
    np.testing.assert_array_equal(read, largest - apart)
    with pytest.raises(ScoreError, match="no whole distance"):
        matcher.whole_scores(SCHEME, np.array([0.7]))


def test_what_is_given_of_a_graph_is_asked_of_the_engine():
    def options(**given):
        return Vector("bit", "hnsw", **given).properties(SCHEME)["vector"]["index_options"]

    assert options() == {"type": "hnsw"}
    assert options(m=8) == {"type": "hnsw", "m": 8}
    assert options(ef_construction=400) == {"type": "hnsw", "ef_construction": 400}


def test_only_flat_is_exact():
    assert Vector("bit", "flat").exact
    assert not Vector("bit", "hnsw").exact


def test_other_levels_are_refused():
    codec = get_codec({"id": "packed", "n_levels": 3})
    with pytest.raises(ConfigError, match="n_levels = 3"):
        Vector("byte", "flat").check(SCHEME, codec)


@pytest.mark.parametrize("n", range(2, 12))
@pytest.mark.parametrize("diagonal", [True, False])
def test_bits_are_whole_bytes_on_every_grid(n, diagonal):
    scheme = WordScheme(k=2, N=2, grid=Grid(n, diagonal))
    for levels in (THERMOMETER, SIGN, SIGN_PAIR):
        matcher = Vector("bit", "flat", levels=levels)
        dims = matcher.properties(scheme)["vector"]["dims"]
        assert dims % 8 == 0
        assert 0 <= dims - (matcher.largest_score(scheme) - 1) < 8
