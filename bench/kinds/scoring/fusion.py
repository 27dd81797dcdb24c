"""Rank fusion by the client: several requests to one index, joined by the ranks of their hits.

Reciprocal rank fusion (Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion Outperforms Condorcet
and Individual Rank Learning Methods", SIGIR 2009): a document's score is the sum, over the lists
that it is in, of 1 / (60 + its rank there), ranks counted from 1. Among equal scores documents come
in the order in which they were indexed.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.search.verification import HIT, expected_hits

#: The constant of the paper, which tells how much the first ranks count above the next.
K = 60
#: A score of 1 in the whole numbers that are summed here, exactly and in any order.
UNIT = 10**9

Integers = NDArray[np.int64]


def fused(lists: Sequence[Integers], documents: int) -> Integers:
    """Scores of all documents, ``int64[documents]``, of lists of documents, best first.

    >>> (fused([np.array([2, 0]), np.array([2])], 4) * 1e-9).round(4).tolist()
    [0.0161, 0.0, 0.0328, 0.0]
    """
    scores = np.zeros(documents, dtype=np.int64)
    for docs in lists:
        scores[docs] += UNIT // (K + 1 + np.arange(len(docs)))
    return scores


def fused_answers(
    answers: Sequence[tuple[pd.DataFrame, pd.DataFrame]], documents: int, size: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Join answers to the same queries: hits and timings, as `bench.search.search` gives each.

    A query takes as long as its requests together, sent one after the other.
    """
    by_query = [dict(iter(found.groupby("query"))) for found, _ in answers]
    timings = answers[0][1].copy()
    for _, more in answers[1:]:
        for clock in ("took_ms", "latency_ms"):
            timings[clock] += more[clock].to_numpy()
    parts = [pd.DataFrame(columns=HIT, dtype=np.int64)]
    for query in timings["query"].tolist():
        lists = [
            own[query].sort_values("rank")["doc"].to_numpy() for own in by_query if query in own
        ]
        docs, scores = expected_hits(fused(lists, documents), size)
        own = {"query": query, "rank": np.arange(len(docs)), "doc": docs, "score": scores}
        parts.append(pd.DataFrame(own))
    found = pd.concat(parts, ignore_index=True)
    return found.assign(distance=np.nan), timings
