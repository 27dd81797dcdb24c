import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, poisson

from bench.evaluate.rates import event_interval, rate_interval


@given(st.integers(1, 400), st.data())
def test_cases_alone_have_the_interval_of_scipy(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    found = rate_interval((np.arange(n) < successes).astype(float), np.ones(n), 0.95)
    oracle = binomtest(successes, n).proportion_ci(0.95, method="wilson")
    assert found == pytest.approx((oracle.low, oracle.high), abs=1e-12)


@given(st.integers(2, 40), st.integers(2, 20), st.data())
def test_a_group_of_equal_cases_is_one_case(groups: int, size: int, data: st.DataObject) -> None:
    whole = np.full(groups, float(size))
    part = whole * (np.arange(groups) < data.draw(st.integers(0, groups)))
    alone = rate_interval(part / size, np.ones(groups), 0.9)
    assert rate_interval(part, whole, 0.9) == pytest.approx(alone)


def test_groups_that_agree_by_chance_do_not_enlarge_the_sample() -> None:
    # 3 of 5 in each of 20 groups: less varied than 100 independent cases.
    found = rate_interval(np.full(20, 3.0), np.full(20, 5.0), 0.95)
    oracle = binomtest(60, 100).proportion_ci(0.95, method="wilson")
    assert found == pytest.approx((oracle.low, oracle.high))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30))
def test_an_interval_holds_its_rate(cells: list[tuple[int, int]]) -> None:
    part, wrong = np.array(cells, dtype=float).T
    low, high = rate_interval(part, part + wrong, 0.95)
    if not (part + wrong).sum():
        assert np.isnan([low, high]).all()
    else:
        assert 0 <= low <= part.sum() / (part + wrong).sum() <= high <= 1
        assert high - low > 0


def test_the_interval_covers_grouped_cases_as_often_as_it_says() -> None:
    random = np.random.default_rng(5)
    size, covered, plain = np.full(60, 10.0), 0, 0
    for _ in range(400):
        part = random.binomial(10, random.beta(3, 1, 60)).astype(float)  # mean 0.75
        low, high = rate_interval(part, size, 0.95)
        covered += low <= 0.75 <= high
        naive = binomtest(int(part.sum()), 600).proportion_ci(0.95, method="wilson")
        plain += naive.low <= 0.75 <= naive.high
    assert 0.92 <= covered / 400 <= 0.98
    assert plain / 400 < 0.85  # what counting cases instead of groups would have claimed


@given(st.integers(1, 60))
def test_events_alone_have_the_exact_interval(count: int) -> None:
    events = (np.arange(1000) < count).astype(float)
    low, high = event_interval(events, np.full(1000, 2.0), 0.9)
    # By definition: so many events or more, or as few, each have a chance of 5 % at the bounds.
    assert poisson.sf(count - 1, low * 2000) == pytest.approx(0.05)
    assert poisson.cdf(count, high * 2000) == pytest.approx(0.05)


def test_events_of_one_group_count_as_few() -> None:
    spread, together = np.ones(30), np.zeros(30)
    together[0] = 30
    (low, high), (wide_low, wide_high) = (
        event_interval(events, np.full(30, 100.0), 0.95) for events in (spread, together)
    )
    assert wide_low < low < 0.01 < high < wide_high


def test_no_event_is_the_rule_of_three() -> None:
    low, high = event_interval(np.zeros(10), np.full(10, 1000.0), 0.95)
    assert low == 0
    assert high == pytest.approx(3 / 10_000, rel=0.002)


def test_no_case_has_no_interval() -> None:
    nothing = np.zeros(3)
    assert np.isnan(rate_interval(nothing, nothing, 0.95)).all()
    assert np.isnan(event_interval(nothing, nothing, 0.95)).all()


def test_one_group_counts_as_one_case() -> None:
    found = rate_interval(np.array([30.0]), np.array([60.0]), 0.95)
    # Wilson, n = 1 at a half: 1/2 ± z / (1 + z²) · sqrt(1/4 + z² / 4).
    assert found == pytest.approx((0.0546, 0.9454), abs=1e-4)
