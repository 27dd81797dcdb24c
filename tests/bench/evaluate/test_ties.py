from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.evaluate import ties


@pytest.mark.parametrize("largest", [0, 1, 2, 7, 8, 1000])
def test_harmonic_numbers_are_the_exact_sums(largest: int) -> None:
    found = ties.harmonic_numbers(largest)
    assert len(found) == largest + 1
    assert found[-1] == pytest.approx(float(sum(Fraction(1, n) for n in range(1, largest + 1))))


def test_harmonic_numbers_cannot_be_changed_by_a_caller() -> None:
    with pytest.raises(ValueError, match="read-only"):
        ties.harmonic_numbers(3)[0] = 1


def _ranks(better: int, tied: int) -> list[int]:
    """Rank of the right one, from 1, in every order of its tie."""
    orders = permutations(["right"] + ["wrong"] * tied)
    return [better + order.index("right") + 1 for order in orders]


@given(st.integers(0, 12), st.integers(0, 5), st.integers(1, 15))
def test_recall_is_the_mean_and_the_bounds_over_all_orders(
    better: int, tied: int, rank: int
) -> None:
    outcomes = [float(found <= rank) for found in _ranks(better, tied)]
    recall = ties.recall_at(rank, np.array([better]), np.array([tied]), np.array([True]))
    assert recall[ties.OPTIMISTIC][0] == max(outcomes)
    assert recall[ties.EXPECTED][0] == pytest.approx(np.mean(outcomes))
    assert recall[ties.PESSIMISTIC][0] == min(outcomes)


@given(st.integers(0, 100), st.integers(0, 5))
def test_average_precision_is_the_mean_and_the_bounds_over_all_orders(
    better: int, tied: int
) -> None:
    outcomes = [1 / rank for rank in _ranks(better, tied)]
    precision = ties.average_precision(np.array([better]), np.array([tied]), np.array([True]))
    assert precision[ties.OPTIMISTIC][0] == max(outcomes)
    assert precision[ties.EXPECTED][0] == pytest.approx(np.mean(outcomes))
    assert precision[ties.PESSIMISTIC][0] == min(outcomes)


def test_what_was_not_found_counts_nothing() -> None:
    where = (np.array([0]), np.array([0]), np.array([False]))
    for values in (ties.recall_at(1, *where), ties.average_precision(*where)):
        assert {tie: value[0] for tie, value in values.items()} == dict.fromkeys(ties.ORDERS, 0.0)


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_expected_lies_within_its_bounds_to_the_last_bit(better: int, tied: int) -> None:
    values = ties.average_precision(np.array([better]), np.array([tied]), np.array([True]))
    assert values[ties.PESSIMISTIC][0] <= values[ties.EXPECTED][0] <= values[ties.OPTIMISTIC][0]


def test_no_queries_at_all() -> None:
    none = np.array([], dtype=np.int64)
    found = ties.average_precision(none, none, none.astype(bool))
    assert {len(values) for values in found.values()} == {0}
