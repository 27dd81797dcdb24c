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

from functools import cache

import numpy as np

from bench.evaluate.arrays import Bools, Floats, Integers

OPTIMISTIC = "optimistic"
EXPECTED = "expected"
PESSIMISTIC = "pessimistic"
NONE = "none"

ORDERS = (OPTIMISTIC, EXPECTED, PESSIMISTIC)
"""The tie labels of measures that depend on the order within a tie."""


def harmonic_numbers(largest: int) -> Floats:
    """Return H(0)..H(largest), the sums 1 + 1/2 + … + 1/n.

    Examples
    --------
    >>> harmonic_numbers(2).tolist()
    [0.0, 1.0, 1.5]
    """
    return _harmonic_table(largest.bit_length())[: largest + 1]


@cache
def _harmonic_table(bits: int) -> Floats:
    table = np.concatenate([[0.0], np.cumsum(1.0 / np.arange(1, 2**bits))])
    table.flags.writeable = False
    return table


def recall_at(rank: int, better: Integers, tied: Integers, found: Bools) -> dict[str, Floats]:
    """Return recall at a rank of queries with one right answer, under each order of ties.

    Parameters
    ----------
    rank : int
        The k of recall@k.
    better, tied : int64[q]
        Wrong hits strictly better than the right one, and wrong hits equal to it.
    found : bool[q]
        Whether the right answer is among the hits at all.

    Returns
    -------
    dict of str to float64[q]
        By tie label. The expected value is the chance that the right one is among the first k.

    Examples
    --------
    >>> at_1 = recall_at(1, np.array([0]), np.array([3]), np.array([True]))
    >>> {tie: float(values[0]) for tie, values in at_1.items()}
    {'optimistic': 1.0, 'expected': 0.25, 'pessimistic': 0.0}
    """
    places = rank - better
    return {
        OPTIMISTIC: np.where(found & (places >= 1), 1.0, 0.0),
        EXPECTED: np.where(found, np.clip(places / (tied + 1), 0.0, 1.0), 0.0),
        PESSIMISTIC: np.where(found & (places > tied), 1.0, 0.0),
    }


def average_precision(better: Integers, tied: Integers, found: Bools) -> dict[str, Floats]:
    """Return the average precision of queries with one right answer, under each order of ties.

    With one right answer it is 1 / its rank; 0 where it was not found.

    Parameters
    ----------
    better, tied, found
        As for `recall_at`.

    Returns
    -------
    dict of str to float64[q]
        By tie label.

    Examples
    --------
    >>> ap = average_precision(np.array([0]), np.array([1]), np.array([True]))
    >>> {tie: float(values[0]) for tie, values in ap.items()}
    {'optimistic': 1.0, 'expected': 0.75, 'pessimistic': 0.5}
    """
    last = better + tied + 1
    harmonic = harmonic_numbers(int(last.max(initial=0)))
    optimistic = np.where(found, 1.0 / (better + 1), 0.0)
    pessimistic = np.where(found, 1.0 / last, 0.0)
    expected = np.where(found, (harmonic[last] - harmonic[better]) / (tied + 1), 0.0)
    # The bounds hold exactly; the clip removes a last-bit excess of the difference of sums.
    return {
        OPTIMISTIC: optimistic,
        EXPECTED: np.clip(expected, pessimistic, optimistic),
        PESSIMISTIC: pessimistic,
    }
