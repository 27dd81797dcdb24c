"""Distances against the reference, to the last bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from imgsig import generate_signature, normalized_distance

SIGNATURES = arrays(np.int8, 648, elements=st.integers(-2, 2))


def test_published_distance_to_the_last_digit(mona_lisas):
    first, second = (generate_signature(path) for path in mona_lisas)
    assert normalized_distance(first, second)[0] == 0.22095170140933634


def test_golden_distances_are_equal(golden):
    signatures = golden["signatures"]
    ours = np.array([normalized_distance(signatures, query) for query in signatures])
    np.testing.assert_array_equal(ours, golden["distances"])


@given(a=SIGNATURES, b=SIGNATURES)
def test_distance_equals_the_reference_formula_bit_for_bit(a, b):
    wide_a, wide_b = a.astype(int), b.astype(int)
    norms = np.linalg.norm(wide_a) + np.linalg.norm(wide_b)
    expected = np.linalg.norm(wide_a - wide_b) / norms if norms else 1.0
    assert normalized_distance(a, b)[0] == expected


@given(a=SIGNATURES, b=SIGNATURES)
def test_distance_is_symmetric_and_bounded(a, b):
    distance = normalized_distance(a, b)[0]
    # Norms are rounded, the reference's too: opposite signatures may be 2⁻⁵² farther apart than 1.
    assert 0 <= distance <= np.nextafter(1, 2)
    assert distance == normalized_distance(b, a)[0]


def test_featureless_pictures_are_kept_apart():
    zero = np.zeros(648, dtype=np.int8)
    assert normalized_distance(zero, zero)[0] == 1.0
    assert normalized_distance(zero, zero, nan_value=0.0)[0] == 0.0


def test_opposite_signature_has_distance_one(golden):
    signature = golden["signatures"][0]
    assert normalized_distance(-signature, signature)[0] == pytest.approx(1.0)


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="same number of values"):
        normalized_distance(np.zeros((2, 648)), np.zeros(640))
