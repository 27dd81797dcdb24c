import numpy as np
import pytest

from bench.evaluate.comparisons import comparable, corrected, default_pairs, differences
from bench.evaluate.estimate import Estimate
from bench.evaluate.settings import SettingsError, System
from bench.evaluate.significance import detectable_difference

A, B = System("a", "score"), System("b", "score")


def _estimates(value: float, samples: list[float], n_groups: int = 5, measure: str = "mAP"):
    estimate = Estimate(measure, "expected", value, 9, np.array(samples), n_groups)
    return {(measure, "expected"): estimate}


def test_one_value_a_measure_is_compared() -> None:
    samples = np.zeros(2)
    estimates = [
        Estimate("uAP", "optimistic", 0.9, 9, samples, 5),
        Estimate("uAP", "expected", 0.8, 9, samples, 5),
        Estimate("uAP", "none", 0.8, 9, samples, 5),
        Estimate("R@P90", "none", 0.7, 9, samples, 5),
        Estimate("threshold@P90", "none", 7.0, 9, None, 5),
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


def test_an_unknown_system_is_an_error() -> None:
    with pytest.raises(SettingsError, match="name c/score, which was not evaluated; use a/score"):
        differences({A: {}}, [(A, System("c", "score"))], 0.95)


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
    assert (System("b", "score"), System("a", "distance")) in pairs
    assert (System("c", "score"), System("b", "score")) not in pairs
    assert all(a != b and (b, a) not in pairs for a, b in pairs)


def test_one_system_has_nothing_to_be_compared_with() -> None:
    assert default_pairs([A]) == []
