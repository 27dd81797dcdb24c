"""Signs that words tell, and vectors made of them."""

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.migrate.signs import recovered, signs_told
from bench.runs.errors import ExperimentError
from imgsig import CodecError, WordScheme
from imgsig.layouts import get_layout
from imgsig.strips import get_strip

HALF = get_strip("half")
PAIR = get_layout("vector_pair_flat")


@settings(deadline=None)
@given(
    st.integers(16, 128),
    st.integers(6, 20),
    hnp.arrays(np.int8, (2, HALF.count), elements=st.integers(-2, 2)),
)
def test_words_of_the_signs_are_the_words_and_bits_differ_only_where_no_word_is(N, k, values):
    scheme, signatures = WordScheme(N=N, k=k), HALF.restore(values)
    words = scheme.words(signatures)
    signs = recovered(scheme, words.tolist())
    np.testing.assert_array_equal(scheme.words(signs), words)
    try:
        lost = signs_told(scheme, PAIR)
    except ExperimentError:
        return
    differ = (signs != np.sign(signatures))[:, HALF.kept]
    assert (differ.sum(axis=1) <= lost.lost).all()
    near = PAIR.matcher.scorer(scheme, signs)
    for row, signature in enumerate(signatures):
        assert near(signature)[row] >= PAIR.largest_score(scheme) - lost.lost_bits


@pytest.mark.parametrize(
    ("N", "k", "lost"), [(63, 16, 0), (63, 10, 0), (64, 8, 11), (63, 6, 57), (32, 7, 108)]
)
def test_bits_that_no_word_holds_are_counted(N, k, lost):
    told = signs_told(WordScheme(N=N, k=k), PAIR)
    assert (told.values, told.lost, told.bits, told.lost_bits) == (272, lost, 544, 2 * lost)
    assert ("no bit is lost" in str(told)) == (lost == 0)


@pytest.mark.parametrize(
    ("N", "k", "layout", "reason"),
    [
        (20, 8, "vector_sign_flat", "hold the signs of 108 of 272 values; 50% are needed"),
        (63, 16, "vector_bit_flat", "words tell only signs. Choose vector_sign_flat, vector_sign_"),
        (63, 16, "vector_byte_hnsw", "needs the values"),
    ],
)
def test_what_words_do_not_tell_is_refused(N, k, layout, reason):
    with pytest.raises(ExperimentError, match=reason):
        signs_told(WordScheme(N=N, k=k), get_layout(layout))


@pytest.mark.parametrize(("N", "k", "wrong"), [(63, 16, 17), (63, 6, 7), (32, 7, 8)])
def test_a_wrong_word_length_is_found_out(signatures, N, k, wrong):
    words = WordScheme(N=N, k=k).words(signatures[:9])
    assert recovered(WordScheme(N=N, k=k), words.tolist()).shape == (9, 648)
    with pytest.raises(CodecError, match=r"disagree|not opposite"):
        recovered(WordScheme(N=N, k=wrong), words.tolist())
