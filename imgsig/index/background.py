"""The background of an answer: what the pictures in it have that have nothing to do with the query.

Scores of different queries are not comparable. A plain picture shares words and bits with thousands
of others by accident, a busy one with none; what an answer's unrelated hits score says which it is,
and costs nothing. A score less the background, the *margin*, can be cut at one and the same number
for all queries.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

#: Where the background is read: a rank, counted from 1; or behind the largest gap.
Rule = Literal["kth", "gap"]


def background(answers: NDArray[np.float64], rule: Rule, k: int) -> NDArray[np.float64]:
    """Background of each answer.

    Parameters
    ----------
    answers : ndarray
        ``float64[queries, size]``: scores, larger is better, in any order. What an answer lacks is
        filled up with the worst score there is.
    rule : {"kth", "gap"}
        ``kth`` is the k-th best score: where there are k copies of a picture, they suppress each
        other. ``gap`` is the k-th best score behind the largest gap between neighbours in the first
        two thirds of the answer: copies stand before it, however many they are.
    k : int
        At least 1.

    Returns
    -------
    ndarray
        ``float64[queries]``.

    Examples
    --------
    >>> answers = np.array([[9.0, 3, 2, 1, 0], [9, 8, 8, 2, 1]])
    >>> background(answers, "kth", 2).tolist(), background(answers, "gap", 1).tolist()
    ([3.0, 8.0], [3.0, 2.0])
    """
    best_first = -np.sort(-answers, axis=1)
    rows, width = best_first.shape
    if rule == "kth":
        return np.asarray(best_first[:, min(k, width) - 1])
    gaps = best_first[:, :-1] - best_first[:, 1:]
    # What is behind the gap must be many: at the end of an answer a gap tells nothing of copies.
    within = max(min(width * 2 // 3, width - k), 1)
    ends = gaps[:, :within].argmax(axis=1) + k if width > 1 else np.zeros(rows, dtype=np.int64)
    return np.asarray(best_first[np.arange(rows), np.minimum(ends, width - 1)])
