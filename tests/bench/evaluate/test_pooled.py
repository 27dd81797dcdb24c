from fractions import Fraction
from itertools import groupby, permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_curve

from bench.evaluate import ties
from bench.evaluate.pooled import (
    Counts,
    Pool,
    last_precise,
    micro_average_precision,
    pool_pairs,
    ratio,
    recall_at_precision,
)

Pairs = list[tuple[int, bool, int]]
"""Goodness, right, group."""

# Few values and at most seven pairs: every order of every tie can be tried.
small = st.lists(st.tuples(st.integers(1, 3), st.booleans(), st.integers(0, 2)), max_size=7)
large = st.lists(st.tuples(st.integers(1, 12), st.booleans(), st.integers(0, 2)), max_size=80)


def _pool(pairs: Pairs, unfound: int = 0) -> Pool:
    """Pool of three groups; `unfound` queries of group 0 have an answer that is in no list."""
    goodness = np.array([value for value, _, _ in pairs], dtype=float)
    right = np.array([is_right for _, is_right, _ in pairs], dtype=bool)
    group = np.array([number for _, _, number in pairs], dtype=np.int64)
    n_right = np.bincount(group[right], minlength=3) + np.array([unfound, 0, 0])
    return pool_pairs(goodness, right, group, n_right)


def _counts(pool: Pool, weights: tuple[int, int, int] = (1, 1, 1)) -> Counts:
    return next(pool.resampled(np.array([weights])))[1]


def _uap(pool: Pool, weights: tuple[int, int, int] = (1, 1, 1)) -> dict[str, float]:
    found = micro_average_precision(_counts(pool, weights))
    return {tie: float(value[0]) for tie, value in found.items()}


def _all_orders(pairs: Pairs, n_right: int) -> list[Fraction]:
    """UAP, by its definition, of every order that breaks the ties."""
    by_value = sorted(pairs, key=lambda pair: -pair[0])
    groups = [list(tied) for _, tied in groupby(by_value, key=lambda pair: pair[0])]
    values = []
    for orders in product(*(permutations([right for _, right, _ in tied]) for tied in groups)):
        listed = [right for order in orders for right in order]
        precisions = [
            Fraction(sum(listed[: i + 1]), i + 1) for i, right in enumerate(listed) if right
        ]
        values.append(sum(precisions, Fraction(0)) / n_right)
    return values


def test_by_hand() -> None:
    # 9: right | 8: wrong, right | 7: wrong | 6: right; a fourth right answer is in no list.
    pairs: Pairs = [(9, True, 0), (8, False, 1), (8, True, 1), (7, False, 2), (6, True, 2)]
    uap = _uap(_pool(pairs, unfound=1))
    assert uap[ties.OPTIMISTIC] == pytest.approx((1 + 2 / 2 + 3 / 5) / 4)
    assert uap[ties.PESSIMISTIC] == pytest.approx((1 + 2 / 3 + 3 / 5) / 4)
    assert uap[ties.EXPECTED] == pytest.approx((1 + (1 + 2 / 3) / 2 + 3 / 5) / 4)
    assert uap[ties.NONE] == pytest.approx((1 + 2 / 3 + 3 / 5) / 4)


def test_a_tie_entered_in_whole_can_beat_the_best_order() -> None:
    uap = _uap(_pool([(9, False, 0)] * 100 + [(8, True, 0)] * 10))
    assert uap[ties.NONE] == pytest.approx(10 / 110)
    assert uap[ties.OPTIMISTIC] == pytest.approx(sum(j / (100 + j) for j in range(1, 11)) / 10)
    assert uap[ties.NONE] > uap[ties.OPTIMISTIC]


@given(small, st.integers(0, 2))
def test_uap_is_the_mean_and_the_bounds_over_all_orders(pairs: Pairs, unfound: int) -> None:
    n_right = sum(right for _, right, _ in pairs) + unfound
    uap = _uap(_pool(pairs, unfound))
    if not n_right:
        assert np.isnan(list(uap.values())).all()
        return
    outcomes = _all_orders(pairs, n_right)
    assert uap[ties.OPTIMISTIC] == pytest.approx(float(max(outcomes)))
    assert uap[ties.EXPECTED] == pytest.approx(float(sum(outcomes) / len(outcomes)))
    assert uap[ties.PESSIMISTIC] == pytest.approx(float(min(outcomes)))


@given(large.filter(lambda pairs: any(right for _, right, _ in pairs)), st.integers(0, 3))
def test_uap_without_an_order_is_that_of_scikit_learn(pairs: Pairs, unfound: int) -> None:
    goodness, right, _ = zip(*pairs, strict=True)
    share = sum(right) / (sum(right) + unfound)
    expected = average_precision_score(right, goodness) * share
    assert _uap(_pool(pairs, unfound))[ties.NONE] == pytest.approx(expected)


@given(
    st.lists(st.booleans(), min_size=1, max_size=60).filter(any),
    st.randoms(use_true_random=False),
)
def test_without_ties_all_values_of_uap_are_that_of_scikit_learn(right: list[bool], random) -> None:
    goodness = random.sample(range(1000), len(right))
    pairs = [(value, is_right, 0) for value, is_right in zip(goodness, right, strict=True)]
    expected = average_precision_score(right, goodness)
    assert list(_uap(_pool(pairs)).values()) == pytest.approx([expected] * 4)


@given(large)
def test_expected_uap_lies_within_its_bounds_to_the_last_bit(pairs: Pairs) -> None:
    uap = _uap(_pool(pairs, unfound=1))
    assert uap[ties.PESSIMISTIC] <= uap[ties.EXPECTED] <= uap[ties.OPTIMISTIC]
    assert uap[ties.PESSIMISTIC] <= uap[ties.NONE] + 1e-12


@given(large, st.sampled_from([100, 500, 900, 990, 1000]))
def test_recall_at_precision_is_that_of_the_whole_curve(pairs: Pairs, thousandths: int) -> None:
    n_right = sum(right for _, right, _ in pairs) + 1
    best = Fraction(0)
    for cutoff in {goodness for goodness, _, _ in pairs}:
        kept = [right for goodness, right, _ in pairs if goodness >= cutoff]
        if sum(kept) and Fraction(sum(kept), len(kept)) >= Fraction(thousandths, 1000):
            best = max(best, Fraction(sum(kept), n_right))
    found = recall_at_precision(_counts(_pool(pairs, unfound=1)), thousandths)
    assert found[0] == pytest.approx(float(best))


@given(large.filter(lambda pairs: any(right for _, right, _ in pairs)))
def test_recall_at_precision_is_that_of_scikit_learn(pairs: Pairs) -> None:
    goodness, right, _ = zip(*pairs, strict=True)
    precision, recall, _ = precision_recall_curve(right, goodness)
    expected = recall[precision >= 0.75].max()
    assert recall_at_precision(_counts(_pool(pairs)), 750)[0] == pytest.approx(expected)


def test_the_precision_is_reached_exactly_not_nearly() -> None:
    nine_of_ten: Pairs = [(5, True, 0)] * 9 + [(5, False, 0)]
    counts = _counts(_pool(nine_of_ten))
    assert recall_at_precision(counts, 900)[0] == 1
    assert recall_at_precision(counts, 901)[0] == 0
    assert last_precise(counts, 901)[0] == -1


@given(
    large.filter(lambda pairs: any(right for _, right, _ in pairs)),
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
)
def test_a_resample_is_the_pool_of_its_copies(pairs: Pairs, weights: tuple[int, int, int]) -> None:
    copies = [pair for pair in pairs for _ in range(weights[pair[2]])]
    drawn = _counts(_pool(pairs), weights)
    copied = _counts(_pool(copies))
    for thousandths in (500, 900):
        np.testing.assert_array_equal(
            recall_at_precision(drawn, thousandths), recall_at_precision(copied, thousandths)
        )
    of_drawn, of_copied = micro_average_precision(drawn), micro_average_precision(copied)
    for tie in (*ties.ORDERS, ties.NONE):
        np.testing.assert_allclose(of_drawn[tie], of_copied[tie])


@given(large)
def test_only_the_order_of_the_values_matters(pairs: Pairs) -> None:
    stretched = [(goodness**3 - 50, right, group) for goodness, right, group in pairs]
    assert str(_uap(_pool(pairs))) == str(_uap(_pool(stretched)))


def test_blocks_cover_all_resamples_in_order() -> None:
    random = np.random.default_rng(0)
    n = 3000  # values enough for many blocks
    right = random.random(n) < 0.5
    group = random.integers(0, 4, n)
    pool = pool_pairs(random.random(n), right, group, np.bincount(group[right], minlength=4))
    weights = random.multinomial(4, [0.25] * 4, size=200)
    blocks = list(pool.resampled(weights))
    assert len(blocks) > 1
    assert [row for rows, _ in blocks for row in range(rows.start, rows.stop)] == list(range(200))
    rows, counts = blocks[-1]
    last = next(pool.resampled(weights[-1:]))[1]
    np.testing.assert_array_equal(counts.right_before[-1], last.right_before[0])
    np.testing.assert_array_equal(counts.n_right, weights[rows] @ pool.n_right)


def test_nothing_returned_is_recall_0() -> None:
    pool = _pool([], unfound=2)
    assert set(_uap(pool).values()) == {0.0}
    assert recall_at_precision(_counts(pool), 900)[0] == 0


def test_ratio_of_nothing_is_undefined() -> None:
    np.testing.assert_array_equal(ratio(np.array([0.0, 1.0]), np.array([0.0, 2.0])), [np.nan, 0.5])
