import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from bench.evaluate.significance import (
    POWER,
    detectable_difference,
    holm,
    resamples_needed,
    two_sided_p,
)


def test_p_by_hand() -> None:
    # 1 of 9 at or below 0: twice (1 + 1) / (9 + 1).
    assert two_sided_p(np.array([-1.0, 1, 2, 3, 4, 5, 6, 7, 8, np.nan])) == pytest.approx(0.4)
    assert two_sided_p(-np.arange(1.0, 100)) == pytest.approx(2 / 100)
    assert two_sided_p(np.zeros(9)) == 1
    assert math.isnan(two_sided_p(np.array([np.nan])))


@pytest.mark.parametrize("shift", [0.5, 1.5, 2.5])
def test_p_of_normal_differences_is_that_of_the_normal_test(shift: float) -> None:
    samples = shift + norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    assert two_sided_p(samples) == pytest.approx(2 * norm.sf(shift), abs=2e-4)


P_VALUES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12)


@settings(max_examples=10, deadline=None)  # statsmodels collects garbage in every call
@given(P_VALUES)
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


@given(P_VALUES)
def test_holm_keeps_the_order_and_is_milder_than_bonferroni(p_values: list[float]) -> None:
    found = holm(p_values)
    order = np.argsort(p_values, kind="stable")
    assert (np.diff(np.array(found)[order]) >= -1e-12).all()
    for p, p_holm in zip(p_values, found, strict=True):
        assert p <= p_holm + 1e-12 <= min(1.0, len(p_values) * p) + 2e-12


def test_undefined_p_values_are_not_counted() -> None:
    nan = float("nan")
    assert holm([nan, 0.02, 0.01]) == pytest.approx([nan, 0.02, 0.02], nan_ok=True)
    assert np.isnan(holm([nan])).all()


@pytest.mark.parametrize("n_comparisons", [1, 20])
def test_a_detectable_difference_is_shown_with_its_power(n_comparisons: int) -> None:
    difference = detectable_difference(0.3, n_comparisons, 0.95)
    estimates = np.random.default_rng(1).normal(difference, 0.3, 40_000)
    p = 2 * norm.sf(np.abs(estimates) / 0.3)
    assert (p <= 0.05 / n_comparisons).mean() == pytest.approx(POWER, abs=0.01)


def test_what_never_varies_has_no_detectable_difference() -> None:
    assert math.isnan(detectable_difference(0.0, 3, 0.95))
    assert math.isnan(detectable_difference(float("nan"), 3, 0.95))


@given(st.integers(1, 2000), st.sampled_from([0.9, 0.95, 0.99]))
def test_with_so_many_resamples_a_difference_can_be_significant(n: int, confidence: float) -> None:
    needed = resamples_needed(n, confidence)
    all_on_one_side = 2 / (np.array([needed, needed - 1]) + 1)
    significant = n * all_on_one_side <= (1 - confidence) + 1e-12
    assert significant.tolist() == [True, False]
