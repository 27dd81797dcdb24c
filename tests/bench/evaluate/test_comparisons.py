import numpy as np
import pytest

from bench.evaluate.comparisons import comparable, compare, default_pairs
from bench.evaluate.estimate import Estimate
from bench.evaluate.settings import SettingsError, System

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
    (row,) = compare(estimates, [(A, B)], 0.95)
    assert (row["variant_a"], row["variant_b"]) == ("a", "b")
    assert [row["difference"], row["low"], row["high"]] == pytest.approx([0.1, 0.1, 0.1])


@pytest.mark.parametrize(("value", "n_groups"), [(0.5, 1), (float("nan"), 5)])
def test_no_interval_is_made_up(value: float, n_groups: int) -> None:
    estimates = {A: _estimates(value, [0.1, 0.2], n_groups), B: _estimates(0.4, [0.1, 0.2])}
    (row,) = compare(estimates, [(A, B)], 0.95)
    assert np.isnan([row["low"], row["high"]]).all()


def test_only_measures_both_have_are_compared() -> None:
    estimates = {A: _estimates(0.5, [0.1]), B: _estimates(0.5, [0.1], measure="uAP")}
    assert compare(estimates, [(A, B)], 0.95) == []


def test_an_unknown_system_is_an_error() -> None:
    with pytest.raises(SettingsError, match="name c/score, which was not evaluated; use a/score"):
        compare({A: {}}, [(A, System("c", "score"))], 0.95)


def test_one_system_has_nothing_to_be_compared_with() -> None:
    assert default_pairs([A]) == []
