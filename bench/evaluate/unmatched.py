"""How high queries without a right answer score."""

import numpy as np

from bench.evaluate.arrays import Bools, Floats
from bench.evaluate.hits import Hits
from bench.evaluate.queries import Queries
from bench.evaluate.rankings import SCORE
from bench.evaluate.rates import rate_interval


def unmatched_queries(queries: Queries) -> Bools:
    """Return which queries were searched for and have no right answer: ``bool[q]``."""
    return queries.signed & ~queries.in_database


def best_scores(hits: Hits, queries: Queries) -> Floats:
    """Return the score of the best hit of each query, ``float64[q]``; 0 where there is none."""
    best = np.zeros(len(queries))
    np.maximum.at(best, hits.query, hits.by_ranking[SCORE.name])
    return best


def unmatched_scores(hits: Hits, queries: Queries, confidence: float) -> list[dict[str, object]]:
    """Return how high queries without a match score: what a score cutoff has to stay above.

    Returns
    -------
    list of dict
        One a score from 0 to the highest: ``score``, ``queries`` (whose best hit has this score),
        ``share`` (of queries whose best hit has this score or more), ``low``, ``high`` and ``n``.
    """
    unmatched = unmatched_queries(queries)
    best, group = best_scores(hits, queries)[unmatched], queries.group[unmatched]
    whole = np.bincount(group, minlength=queries.n_groups).astype(np.float64)
    rows: list[dict[str, object]] = []
    for score in range(int(best.max(initial=-1)) + 1):
        reached = np.bincount(group[best >= score], minlength=queries.n_groups).astype(np.float64)
        low, high = rate_interval(reached, whole, confidence)
        rows.append(
            {
                "score": score,
                "queries": int((best == score).sum()),
                "share": float(reached.sum() / whole.sum()),
                "low": low,
                "high": high,
                "n": int(whole.sum()),
            }
        )
    return rows
