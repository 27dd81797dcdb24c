"""The rule on equal values, in closed form.

Scores are small integers, so many hits of a query, and still more of the pool of all queries,
are equal. Any order among them is an accident of the engine. So:

- A cutoff cannot split equal values: precision, recall, `R@P…` and `threshold@P…` take a tied
  group in whole. They carry the tie label ``none``: there is nothing to break.
- Measures that depend on an order come in three values: ``optimistic`` (the right image first
  within its tie), ``expected`` (the mean over all orders of the tie, each equally likely) and
  ``pessimistic`` (the right image last). The expected values are exact, not sampled, after
  McSherry and Najork, "Computing Information Retrieval Performance Measures Efficiently in the
  Presence of Tied Scores", ECIR 2008.
- `uAP` has a fourth value, ``none``: average precision with each tied group entered in whole,
  which is scikit-learn's ``average_precision_score`` times the recall of the pool. It is *not*
  bounded by the other three: ten right pairs tied behind a hundred wrong ones give it 10/110
  for each, where even the best order earns the first of them only 1/101.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from bench.evaluate.arrays import Floats, Integers

OPTIMISTIC = "optimistic"
EXPECTED = "expected"
PESSIMISTIC = "pessimistic"
NONE = "none"

ORDERS = (OPTIMISTIC, EXPECTED, PESSIMISTIC)
"""The tie labels of measures that depend on the order within a tie."""


def harmonic_numbers(largest: int) -> Floats:
    """Return H(0)..H(largest), the sums 1 + 1/2 + … + 1/n."""
    return _harmonic_table(largest.bit_length())[: largest + 1]


@cache
def _harmonic_table(bits: int) -> Floats:
    table = np.concatenate([[0.0], np.cumsum(1.0 / np.arange(1, 2**bits))])
    table.flags.writeable = False
    return table


@dataclass(frozen=True)
class Places:
    """Where right hits stand among the hits of their query, ties left open."""

    #: int64[n]: right and wrong hits strictly better
    right_before: Integers
    wrong_before: Integers
    #: int64[n]: right hits of the same value, the hit itself included, and wrong ones
    right_tied: Integers
    wrong_tied: Integers
    turn: Integers  # int64[n]: number of the hit among the right ones of its tie, from 1


def chance_within(rank: int, places: Places) -> dict[str, Floats]:
    """Return the chance of each right hit to be among the first hits, under each order of ties."""
    left = rank - places.right_before - places.wrong_before
    return {
        OPTIMISTIC: np.where(left >= places.turn, 1.0, 0.0),
        EXPECTED: np.clip(left / (places.right_tied + places.wrong_tied), 0.0, 1.0),
        PESSIMISTIC: np.where(left >= places.turn + places.wrong_tied, 1.0, 0.0),
    }


def precision_at(places: Places) -> dict[str, Floats]:
    """Return the precision at the place of each right hit, under each order of ties.

    Their sum over the right hits of a query, divided by the number of its right answers, is its
    average precision. With one right answer that is 1 / its rank.
    """
    before = places.right_before + places.wrong_before
    here = places.right_tied + places.wrong_tied
    first = before + places.turn
    last = first + places.wrong_tied
    seen_right = places.right_before + places.turn
    harmonic = harmonic_numbers(int((before + here).max(initial=0)))
    # As in `bench.evaluate.pooled`: each place of the tie is right with the same chance, and has,
    # on average, a share `slope` of the places before it in the tie right.
    slope = (places.right_tied - 1) / np.maximum(here - 1, 1)
    expected = slope * here + (places.right_before + 1 - slope - slope * before) * (
        harmonic[before + here] - harmonic[before]
    )
    return {
        OPTIMISTIC: seen_right / first,
        EXPECTED: expected / np.maximum(here, 1),
        PESSIMISTIC: seen_right / last,
    }
