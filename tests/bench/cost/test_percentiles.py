"""No percentile that the sample cannot support; ratios against numpy and scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.cost.percentiles import BEYOND, median_ratio, supported_percentile


@pytest.mark.parametrize(
    ("percent", "needed"), [(50, 20), (95, 200), (99, 1_000), (99.9, 10_000), (5, 200)]
)
def test_a_percentile_takes_ten_samples_beyond_it(percent, needed):
    samples = np.arange(float(needed))
    assert supported_percentile(samples, percent) == np.percentile(samples, percent)
    assert np.isnan(supported_percentile(samples[1:], percent))


@given(st.integers(0, 3_000), st.floats(1, 99))
def test_at_least_ten_samples_lie_at_or_beyond_what_is_given(n, percent):
    samples = np.random.default_rng(n).permutation(float(n) + np.arange(n))
    value = supported_percentile(samples, percent)
    if not np.isnan(value):
        # Interpolation between two samples can take the place of one of the ten.
        assert (samples >= value).sum() >= BEYOND - 1
        assert (samples <= value).sum() >= BEYOND - 1


def test_a_ratio_is_that_of_medians():
    rng = np.random.default_rng(1)
    first = rng.lognormal(2, 0.3, 400)
    ratio, low, high = median_ratio(2 * first, first, resamples=300, confidence=0.95, seed=0)
    # Pairs: what is always twice as long is so in every resample.
    assert ratio == pytest.approx(2)
    assert (low, high) == pytest.approx((2, 2))


def test_the_interval_covers_and_narrows():
    rng = np.random.default_rng(2)
    a, b = rng.lognormal(1, 0.5, 2_000), rng.lognormal(0, 0.5, 2_000)
    wide = median_ratio(a[:100], b[:100], resamples=500, confidence=0.95, seed=0)
    narrow = median_ratio(a, b, resamples=500, confidence=0.95, seed=0)
    assert narrow[1] < np.e < narrow[2]
    assert narrow[2] - narrow[1] < (wide[2] - wide[1]) / 2
    assert median_ratio(a, b, resamples=500, confidence=0.95, seed=0) == narrow


def test_the_first_is_once_itself():
    times = np.array([1.0, 2.0, 4.0])
    assert median_ratio(times, times, resamples=100, confidence=0.9, seed=0) == (1, 1, 1)
    with pytest.raises(ValueError, match="3 and 2 samples are no pairs"):
        median_ratio(times, times[:2], resamples=100, confidence=0.9, seed=0)


def test_samples_that_are_no_pairs_are_drawn_for_themselves():
    rng = np.random.default_rng(0)
    both = rng.gamma(2, 1, 300)
    a, b = both * 2, both + rng.normal(0, 0.01, 300)
    options = {"resamples": 300, "confidence": 0.95, "seed": 0}
    _, low, high = median_ratio(a, b, **options)
    ratio, further, beyond = median_ratio(a, b[:200], **options, paired=False)
    assert further < 2 < beyond
    assert beyond - further > 3 * (high - low)
    assert ratio == np.median(a) / np.median(b[:200])
