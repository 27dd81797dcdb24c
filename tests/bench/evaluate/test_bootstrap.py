from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap

from bench.evaluate.bootstrap import (
    Estimate,
    draw_groups,
    percentile_interval,
    percentile_intervals,
    wilson_interval,
)


@given(st.integers(1, 20), st.integers(1, 30), st.integers(0, 5))
def test_a_resample_draws_as_many_groups_as_there_are(groups: int, n: int, seed: int) -> None:
    weights = draw_groups(groups, n, seed)
    assert weights.shape == (n, groups)
    assert (weights >= 0).all()
    assert (weights.sum(axis=1) == groups).all()


def test_the_seed_fixes_the_draws() -> None:
    first = draw_groups(9, 2500, 1)
    np.testing.assert_array_equal(first, draw_groups(9, 2500, 1))
    assert (first != draw_groups(9, 2500, 2)).any()


def test_the_interval_of_a_mean_is_that_of_scipy() -> None:
    values = np.random.default_rng(3).exponential(size=40)
    weights = draw_groups(40, 20_000, 0)
    low, high = percentile_interval(weights @ values / 40, 0.95)
    found = bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(0)
    ).confidence_interval
    # Two independent sets of resamples: the error of a 2.5 % quantile is about 1 % of the width.
    width = found.high - found.low
    assert low == pytest.approx(found.low, abs=0.04 * width)
    assert high == pytest.approx(found.high, abs=0.04 * width)


def test_undefined_resamples_are_left_out() -> None:
    samples = np.array([np.nan, 0.0, 1.0, np.nan])
    assert percentile_interval(samples, 0.5) == (0.25, 0.75)
    assert np.isnan(percentile_interval(np.array([np.nan]), 0.95)).all()


def test_wilson_by_hand() -> None:
    z = 1.959963984540054
    low, high = wilson_interval(0, 20, 0.95)
    assert low == 0
    assert high == pytest.approx(z**2 / (20 + z**2))


@given(st.integers(1, 40), st.integers(0, 3), st.integers(0, 2**32 - 1))
def test_many_intervals_are_each_that_of_one(n_defined: int, n_undefined: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    samples = random.random((3, n_defined + n_undefined)).round(1)
    samples[:, :n_undefined] = np.nan
    expected = [percentile_interval(row, 0.9) for row in samples]
    np.testing.assert_allclose(percentile_intervals(samples.copy(), 0.9).T, expected)


def test_no_resample_defines_no_interval() -> None:
    assert np.isnan(percentile_intervals(np.full((2, 5), np.nan), 0.9)).all()


SAMPLES = np.arange(101) / 100


def _estimate(value: float, n_groups: int = 8, is_rate: bool = False) -> Estimate:
    return Estimate("recall@1", "none", value, 10, SAMPLES, n_groups, 4.0, is_rate)


def test_the_interval_is_that_of_the_resamples() -> None:
    low, high, kind = _estimate(0.5).interval(0.9)
    assert (low, high, kind) == (pytest.approx(0.05), pytest.approx(0.95), "bootstrap")


@pytest.mark.parametrize(("value", "successes"), [(0.0, 0), (1.0, 8)])
def test_a_rate_without_spread_has_the_interval_of_its_groups(value: float, successes: int) -> None:
    found = _estimate(value, is_rate=True).interval(0.95)
    assert found == (*wilson_interval(successes, 8, 0.95), "wilson")


def test_a_rate_of_single_cases_has_wilsons_interval() -> None:
    found = replace(_estimate(0.75, is_rate=True), is_binomial=True).interval(0.95)
    assert found == (*wilson_interval(6, 8, 0.95), "wilson")


def test_what_is_no_rate_keeps_its_resamples() -> None:
    assert _estimate(1.0).interval(0.95)[2] == "bootstrap"


@pytest.mark.parametrize(
    "estimate",
    [
        _estimate(0.5, n_groups=1),
        _estimate(float("nan"), is_rate=True),
        Estimate("threshold@P90", "none", 7.0, 10, None, 8, 4.0),
    ],
    ids=["one group", "undefined", "not resampled"],
)
def test_no_interval_is_made_up(estimate: Estimate) -> None:
    low, high, kind = estimate.interval(0.95)
    assert np.isnan([low, high]).all()
    assert kind == "none"
