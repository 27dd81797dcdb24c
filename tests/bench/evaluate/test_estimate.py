from dataclasses import replace

import numpy as np
import pytest

from bench.evaluate.bootstrap import wilson_interval
from bench.evaluate.estimate import Estimate

SAMPLES = np.arange(101) / 100


def _estimate(value: float, n_groups: int = 8, is_rate: bool = False) -> Estimate:
    return Estimate("recall@1", "none", value, 10, SAMPLES, n_groups, is_rate)


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
        Estimate("threshold@P90", "none", 7.0, 10, None, 8),
    ],
    ids=["one group", "undefined", "not resampled"],
)
def test_no_interval_is_made_up(estimate: Estimate) -> None:
    low, high, kind = estimate.interval(0.95)
    assert np.isnan([low, high]).all()
    assert kind == "none"
