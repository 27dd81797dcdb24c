import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from bench.evaluate.bootstrap import Estimate
from bench.evaluate.comparisons import (
    POWER,
    PairedComparisons,
    comparable,
    corrected,
    default_pairs,
    detectable_difference,
    differences,
    holm,
    two_sided_p,
)
from bench.evaluate.settings import System

A, B = System("a", "score"), System("b", "score")


def _estimates(value: float, samples: list[float], n_groups: int = 5, measure: str = "mAP"):
    estimate = Estimate(measure, "expected", value, 9, np.array(samples), n_groups, 4.0)
    return {(measure, "expected"): estimate}


def test_one_value_a_measure_is_compared() -> None:
    samples = np.zeros(2)
    estimates = [
        Estimate("uAP", "optimistic", 0.9, 9, samples, 5, 4.0),
        Estimate("uAP", "expected", 0.8, 9, samples, 5, 4.0),
        Estimate("uAP", "none", 0.8, 9, samples, 5, 4.0),
        Estimate("R@P90", "none", 0.7, 9, samples, 5, 4.0),
        Estimate("threshold@P90", "none", 7.0, 9, None, 5, 4.0),
    ]
    assert list(comparable(estimates)) == [("uAP", "expected"), ("R@P90", "none")]


def test_differences_are_taken_resample_by_resample() -> None:
    # Each varies widely; their difference is always 0.1.
    samples = np.linspace(0, 0.8, 50)
    estimates = {A: _estimates(0.5, list(samples + 0.1)), B: _estimates(0.4, list(samples))}
    (row,) = differences(estimates, [(A, B)], 0.95)
    assert (row["variant_a"], row["variant_b"]) == ("a", "b")
    assert [row["difference"], row["low"], row["high"]] == pytest.approx([0.1, 0.1, 0.1])


@pytest.mark.parametrize(("value", "n_groups"), [(0.5, 1), (float("nan"), 5)])
def test_no_interval_is_made_up(value: float, n_groups: int) -> None:
    estimates = {A: _estimates(value, [0.1, 0.2], n_groups), B: _estimates(0.4, [0.1, 0.2])}
    (row,) = differences(estimates, [(A, B)], 0.95)
    assert np.isnan([row["low"], row["high"], row["standard_error"], row["p"]]).all()


def test_only_measures_both_have_are_compared() -> None:
    estimates = {A: _estimates(0.5, [0.1]), B: _estimates(0.5, [0.1], measure="uAP")}
    assert differences(estimates, [(A, B)], 0.95) == []


def test_each_measure_is_a_family() -> None:
    def row(measure: str, p: float) -> dict[str, object]:
        return {"measure": measure, "tie": "none", "p": p, "standard_error": 0.1}

    rows = [row("uAP", 0.01), row("mAP", 0.01), row("uAP", 0.03), row("uAP", float("nan"))]
    found = corrected(rows, 0.95)
    assert [each["measure"] for each in found] == ["uAP", "mAP", "uAP", "uAP"]
    assert [each["p_holm"] for each in found[:3]] == pytest.approx([0.02, 0.01, 0.03])
    assert found[0]["detectable"] == pytest.approx(detectable_difference(0.1, 2, 0.95))
    assert found[1]["detectable"] == pytest.approx(detectable_difference(0.1, 1, 0.95))
    assert "p_holm" not in rows[0]


def test_the_standard_error_is_that_of_the_paired_difference() -> None:
    random = np.random.default_rng(2)
    shared, own = random.normal(size=5000), random.normal(scale=0.1, size=5000)
    estimates = {A: _estimates(0.5, list(shared + own)), B: _estimates(0.5, list(shared))}
    (row,) = differences(estimates, [(A, B)], 0.95)
    assert row["standard_error"] == pytest.approx(0.1, rel=0.05)


def test_pairs_grow_with_the_variants_not_with_their_square() -> None:
    names = ["score", "distance", "sign_distance", "score_then_distance"]
    systems = [System(variant, name) for variant in ("a", "b", "c") for name in names]
    pairs = default_pairs(systems)
    assert len(set(pairs)) == len(pairs) == 3 * 5 + 2 * 6
    assert (System("b", "sign_distance"), System("a", "sign_distance")) in pairs
    assert (System("a", "distance"), System("a", "score")) in pairs
    assert (System("b", "score"), System("a", "distance")) in pairs
    assert (System("c", "score"), System("b", "score")) not in pairs
    assert all(a != b and (b, a) not in pairs for a, b in pairs)


def test_one_system_has_nothing_to_be_compared_with() -> None:
    assert default_pairs([A]) == []


SYSTEMS = [System(f"v{i}", ranking) for i in range(6) for ranking in ("score", "distance")]


def _random_estimates(seed: int) -> dict[tuple[str, str], Estimate]:
    random = np.random.default_rng(seed)
    return {
        (measure, "none"): Estimate(measure, "none", 0.5, 9, random.random(50), 5, 4.0)
        for measure in ("uAP", "R@P90")
    }


ESTIMATES = {system: _random_estimates(seed) for seed, system in enumerate(SYSTEMS)}


def test_rows_are_those_of_all_systems_at_once() -> None:
    pairs = default_pairs(SYSTEMS)
    paired = PairedComparisons(pairs, 0.95)
    for system, estimates in ESTIMATES.items():
        paired.add(system, estimates)
    assert paired.rows() == corrected(differences(ESTIMATES, pairs, 0.95), 0.95)


def test_resamples_are_dropped_after_their_last_comparison() -> None:
    paired = PairedComparisons(default_pairs(SYSTEMS), 0.95)
    held = []
    for system, estimates in ESTIMATES.items():
        paired.add(system, estimates)
        held.append(len(paired.held))
    # Those of the first variant and, between its two rankings, one of the variant at hand.
    assert max(held) == 3
    assert held[-1] == 0


def test_the_order_of_the_pairs_is_kept() -> None:
    last_first = list(reversed(default_pairs(SYSTEMS)))
    paired = PairedComparisons(last_first, 0.95)
    for system, estimates in ESTIMATES.items():
        paired.add(system, estimates)
    found = [
        (
            System(row["variant_a"], row["ranking_a"]),
            System(row["variant_b"], row["ranking_b"]),
        )
        for row in paired.rows()
        if row["measure"] == "uAP"
    ]
    assert found == last_first


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


@pytest.mark.slow
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
