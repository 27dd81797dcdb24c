"""Measures that every query has a value of."""

from dataclasses import dataclass

import numpy as np

from bench.evaluate import ties
from bench.evaluate.arrays import Bools, Floats, Integers
from bench.evaluate.hits import Hits
from bench.evaluate.rankings import Ranking
from bench.evaluate.settings import EvaluationSettings


@dataclass(frozen=True)
class Places:
    """Where the right answer of each query stands.

    Parameters
    ----------
    found : bool[q]
        Whether the right answer is among the hits.
    better, tied : int64[q]
        Wrong hits strictly better than it, and wrong hits equal to it; 0 where not found.
    """

    found: Bools
    better: Integers
    tied: Integers


def right_places(hits: Hits, ranking: Ranking, n_queries: int) -> Places:
    """Find the place of the right answer of each query.

    Parameters
    ----------
    hits : Hits
        At most one right hit a query.
    ranking : Ranking
        One the hits have.
    n_queries : int
        Rows of the queries table.

    Returns
    -------
    Places
    """
    goodness = ranking.goodness(hits.by_ranking[ranking.name])
    right_at = np.full(n_queries, np.inf)
    right_at[hits.query[hits.right]] = goodness[hits.right]
    against = right_at[hits.query]
    better = np.bincount(hits.query[goodness > against], minlength=n_queries)
    # Of the hits equal to the right one, one is the right one itself.
    equal = np.bincount(hits.query[goodness == against], minlength=n_queries)
    found = np.isfinite(right_at)
    return Places(found, better, np.where(found, equal - 1, 0))


def values_per_query(
    hits: Hits, ranking: Ranking, n_queries: int, settings: EvaluationSettings
) -> dict[tuple[str, str], Floats]:
    """Return the measures of every query.

    Parameters
    ----------
    hits, ranking, n_queries
        As for `right_places`.
    settings : EvaluationSettings
        The ranks of recall, and K.

    Returns
    -------
    dict of (str, str) to float64[q]
        By measure and tie label: ``AP`` (average precision; with one right answer, 1 / its
        rank), ``recall@k`` (1 if the right answer is among the first k), and
        ``candidate_recall@K`` (1 if it is among the K hits the engine returned, before any
        cutoff; it does not depend on the ranking). 0 where the right answer was not found. For
        queries without a right answer the values mean nothing.
    """
    places = right_places(hits, ranking, n_queries)
    where = (places.better, places.tied, places.found)
    values = {("AP", tie): found for tie, found in ties.average_precision(*where).items()}
    for rank in settings.recall_ranks:
        recall = ties.recall_at(rank, *where)
        values |= {(f"recall@{rank}", tie): found for tie, found in recall.items()}
    candidate = f"candidate_recall@{settings.candidates_kept}"
    values[candidate, ties.NONE] = hits.is_candidate.astype(np.float64)
    return values
