"""Sizes: leaves by hand, and a model that finds what made data were made of."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.runs.errors import MeasurementError
from bench.search.exact.simulator import LEAF, leaf_bytes
from bench.sizes.size_model import SizeModel

DOCUMENTS = np.arange(LEAF)


def made_schemes(count, seed=0):
    rng = np.random.default_rng(seed)
    N = rng.integers(8, 129, count).astype(float)
    return pd.DataFrame(
        {
            "N": N,
            "leaf_bytes": N * rng.uniform(1, 8, count),
            "raw_bits": N * rng.uniform(6, 56, count),
        }
    )


def sizes_of(schemes):
    return 18 + 0.5 * schemes["N"] + 1.1 * schemes["leaf_bytes"] + 0.25 * schemes["raw_bits"]


@pytest.mark.parametrize(
    ("words", "documents", "expected"),
    [
        # All equal: documents alone; all of a range, as bits, or as they are.
        (np.zeros(LEAF), DOCUMENTS, 0),
        (np.zeros(LEAF), DOCUMENTS * 2, 8 * 16),
        (np.zeros(LEAF), DOCUMENTS * 100, 2 * LEAF),
        (np.zeros(LEAF), DOCUMENTS * 200, 3 * LEAF),
        (np.zeros(LEAF), DOCUMENTS * 40_000, 4 * LEAF),
        # One byte differs: each different word in a run of its own.
        (DOCUMENTS // 2, DOCUMENTS[::-1], 2 * LEAF + min(2 * 256, 256 * 2)),
        # Two words: each once, with how often.
        (DOCUMENTS // 256 * 77, DOCUMENTS[::-1], 2 * LEAF + 2 * 2),
        # Three bytes, all different: the first once a run of at most 255, and two for each.
        (DOCUMENTS * 2**9 + 2**40, DOCUMENTS[::-1], 2 * LEAF + 2 * LEAF + 2 * 4),
        (np.array([5]), np.array([70_000]), 0),
        # 512 equal words, then a leaf of two different ones.
        (np.r_[np.zeros(LEAF), 0, 1], np.r_[DOCUMENTS, 600, 0], 2 * 2 + 2 * 2),
    ],
)
def test_leaves_counted_by_hand(words, documents, expected):
    assert leaf_bytes(words.astype(np.int64), documents.astype(np.int64)) == expected


@given(st.integers(0, 2**32), st.integers(1, 2000))
def test_a_word_takes_at_most_its_document_and_all_its_bytes(seed, count):
    rng = np.random.default_rng(seed)
    words = np.sort(rng.integers(0, 2 ** rng.integers(1, 62), count))
    found = leaf_bytes(words, rng.permutation(count))
    assert 0 <= found <= count * (2 + 9)


def test_coefficients_of_made_sizes_are_found():
    schemes = made_schemes(12)
    model = SizeModel.fit(schemes, sizes_of(schemes))
    np.testing.assert_allclose(model.coefficients, [18, 0.5, 1.1, 0.25], rtol=1e-6)
    others = made_schemes(50, seed=1)
    predicted = model.predict(others)
    np.testing.assert_allclose(predicted["bytes_per_document"], sizes_of(others), rtol=1e-6)
    assert model.describe()["measured"] == 12


@pytest.mark.slow
def test_prediction_intervals_hold_what_they_promise():
    rng, inside, trials = np.random.default_rng(3), 0, 400
    for trial in range(trials):
        schemes = made_schemes(21, seed=trial)
        sizes = sizes_of(schemes) * (1 + 0.03 * rng.standard_normal(len(schemes)))
        model = SizeModel.fit(schemes.iloc[:20], sizes.iloc[:20])
        low, high = model.predict(schemes.iloc[20:], 0.9)[["bytes_low", "bytes_high"]].iloc[0]
        inside += low <= sizes.iloc[20] <= high
    # Four standard errors of a share of 0.9.
    assert abs(inside / trials - 0.9) < 4 * np.sqrt(0.09 / trials)


def test_the_error_is_relative():
    schemes = made_schemes(300)
    noise = np.random.default_rng(4).standard_normal(len(schemes))
    model = SizeModel.fit(schemes, sizes_of(schemes) * (1 + 0.05 * noise))
    assert model.relative_error == pytest.approx(0.05, rel=0.15)
    predicted = model.predict(schemes)
    reach = (predicted["bytes_high"] - predicted["bytes_low"]) / predicted["bytes_per_document"]
    assert reach.max() / reach.min() < 1.1


def test_too_few_sizes_are_refused():
    schemes = made_schemes(4)
    with pytest.raises(MeasurementError, match="at least 5"):
        SizeModel.fit(schemes, sizes_of(schemes))


def test_schemes_that_are_all_alike_are_refused():
    schemes = made_schemes(1).iloc[[0] * 6]
    with pytest.raises(MeasurementError, match="too much alike"):
        SizeModel.fit(schemes, sizes_of(schemes))
