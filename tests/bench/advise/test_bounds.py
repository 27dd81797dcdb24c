import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

from bench.advise.bounds import Joint


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 10_000))
def test_the_joint_bound_is_wilsons_at_the_confidence_of_all(right, more, choices):
    count = right + more
    joint = Joint(0.95, choices)
    single, all_of_them = (
        proportion_confint(right, count, alpha=alpha, method="wilson")[0]
        for alpha in (0.05, 2 * norm.sf(joint.widening * norm.isf(0.025)))
    )
    found = joint.share(np.array([right / count]), np.array([single]))
    assert found == pytest.approx(all_of_them, abs=1e-9)


def test_a_single_choice_keeps_its_bounds():
    alone = Joint(0.95, 1)
    assert alone.share(np.array([0.3]), np.array([0.2])) == pytest.approx(0.2)
    assert alone.rate(np.array([1e-6, 0.0]), np.array([3e-6, 1e-7])) == pytest.approx([3e-6, 1e-7])


def test_where_nothing_was_counted_the_bound_is_the_rule_of_three():
    # No wrong pair of n: at most -ln(0.05 / 10) / n with all ten bounds at 95 %.
    found = Joint(0.95, 10).rate(np.array([0.0]), np.array([-np.log(0.05) / 1000]))
    assert found == pytest.approx(-np.log(0.005) / 1000)


def test_what_is_unknown_stays_unknown():
    joint = Joint(0.95, 10)
    assert np.isnan(joint.rate(np.array([np.nan]), np.array([np.nan]))).all()
    assert np.isnan(joint.share(np.array([np.nan]), np.array([np.nan]))).all()
