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


def _alone(better: int, tied: int) -> ties.Places:
    """One right hit behind `better` wrong ones and tied with others."""
    zero, one = np.array([0]), np.array([1])
    return ties.Places(zero, np.array([better]), one, np.array([tied]), one)


def _ranks(better: int, tied: int) -> list[int]:
    """Rank of the right one, from 1, in every order of its tie."""
    orders = permutations(["right"] + ["wrong"] * tied)
    return [better + order.index("right") + 1 for order in orders]


@given(st.integers(0, 12), st.integers(0, 5), st.integers(1, 15))
def test_recall_is_the_mean_and_the_bounds_over_all_orders(
    better: int, tied: int, rank: int
) -> None:
    outcomes = [float(found <= rank) for found in _ranks(better, tied)]
    recall = ties.chance_within(rank, _alone(better, tied))
    assert recall[ties.OPTIMISTIC][0] == max(outcomes)
    assert recall[ties.EXPECTED][0] == pytest.approx(np.mean(outcomes))
    assert recall[ties.PESSIMISTIC][0] == min(outcomes)


@given(st.integers(0, 100), st.integers(0, 5))
def test_precision_is_the_mean_and_the_bounds_over_all_orders(better: int, tied: int) -> None:
    outcomes = [1 / rank for rank in _ranks(better, tied)]
    precision = ties.precision_at(_alone(better, tied))
    assert precision[ties.OPTIMISTIC][0] == max(outcomes)
    assert precision[ties.EXPECTED][0] == pytest.approx(np.mean(outcomes))
    assert precision[ties.PESSIMISTIC][0] == min(outcomes)


def test_two_right_hits_in_a_tie_by_hand() -> None:
    """One right hit, then a tie of two right and one wrong hit."""
    one, two = np.array([1, 1]), np.array([2, 2])
    places = ties.Places(one, np.array([0, 0]), two, one, turn=np.array([1, 2]))
    at_2, precision = ties.chance_within(2, places), ties.precision_at(places)
    assert at_2[ties.OPTIMISTIC].tolist() == [1, 0]
    assert at_2[ties.EXPECTED].tolist() == [1 / 3, 1 / 3]
    assert at_2[ties.PESSIMISTIC].tolist() == [0, 0]
    assert precision[ties.OPTIMISTIC].tolist() == [1, 1]
    assert precision[ties.PESSIMISTIC].tolist() == [2 / 3, 3 / 4]
    # RRW: 1 + 1, RWR: 1 + 3/4, WRR: 2/3 + 3/4, halved.
    assert precision[ties.EXPECTED] == pytest.approx([(2 + 7 / 4 + 17 / 12) / 6] * 2)


def test_no_hits_at_all() -> None:
    none = np.array([], dtype=np.int64)
    found = ties.precision_at(ties.Places(none, none, none, none, none))
    assert {len(values) for values in found.values()} == {0}
