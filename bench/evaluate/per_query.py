"""Measures that every query has a value of."""

import numpy as np

from bench.evaluate import ties
from bench.evaluate.arrays import Floats, Integers
from bench.evaluate.hits import Hits
from bench.evaluate.inputs import Queries
from bench.evaluate.rankings import Ranking
from bench.evaluate.settings import EvaluationSettings


def right_places(hits: Hits, ranking: Ranking) -> tuple[Integers, ties.Places]:
    """Find the places of all right hits among the hits of their queries.

    Returns
    -------
    query : int64[n]
        Row of the query of each right hit, increasing.
    places : Places
        Of those right hits; within a query best first.
    """
    goodness = ranking.goodness(hits.by_ranking[ranking.name])
    answered = np.zeros(int(hits.query.max(initial=-1)) + 1, dtype=np.bool_)
    answered[hits.query[hits.right]] = True
    kept = answered[hits.query]  # only queries with a right hit need to be sorted
    query, goodness, right = hits.query[kept], goodness[kept], hits.right[kept]
    order = np.lexsort((-goodness, query))
    query, goodness, right = query[order], goodness[order], right[order]

    n = len(query)
    new_query = np.ones(n, dtype=np.bool_)
    new_query[1:] = query[1:] != query[:-1]
    new_tie = new_query.copy()
    new_tie[1:] |= goodness[1:] != goodness[:-1]
    row = np.arange(n)
    tie_start = np.flatnonzero(new_tie)
    tie_end = np.append(tie_start[1:], n)
    tie = np.cumsum(new_tie)[right] - 1
    query_start = np.maximum.accumulate(np.where(new_query, row, 0))[right]
    seen_right = np.concatenate([[0], np.cumsum(right)])

    start, end = tie_start[tie], tie_end[tie]
    right_before = seen_right[start] - seen_right[query_start]
    right_tied = seen_right[end] - seen_right[start]
    return query[right], ties.Places(
        right_before=right_before,
        wrong_before=start - query_start - right_before,
        right_tied=right_tied,
        wrong_tied=end - start - right_tied,
        turn=seen_right[row[right] + 1] - seen_right[start],
    )


def values_per_query(
    hits: Hits, ranking: Ranking, queries: Queries, settings: EvaluationSettings
) -> dict[tuple[str, str], Floats]:
    """Return the measures of every query.

    Returns
    -------
    dict of (str, str) to float64[q]
        By measure and tie label: ``AP`` (average precision), ``recall@k`` (share of the query's
        right answers that are among the first k), and ``candidate_recall@K`` (share of them among
        the K hits the engine returned, before any cutoff; it does not depend on the ranking).
        A right answer that was not found adds nothing. NaN for queries without a right answer.
    """
    query, places = right_places(hits, ranking)
    n_right = queries.n_right

    def share(parts: Floats) -> Floats:
        sums = np.bincount(query, weights=parts, minlength=len(queries)).astype(np.float64)
        return _over(sums, n_right)

    of_ap = {tie: share(parts) for tie, parts in ties.precision_at(places).items()}
    # The bounds hold exactly; the clip removes a last-bit excess of the difference of sums.
    of_ap[ties.EXPECTED] = np.clip(
        of_ap[ties.EXPECTED], of_ap[ties.PESSIMISTIC], of_ap[ties.OPTIMISTIC]
    )
    values = {("AP", tie): found for tie, found in of_ap.items()}
    for rank in settings.recall_ranks:
        for tie, chances in ties.chance_within(rank, places).items():
            values[f"recall@{rank}", tie] = share(chances)
    candidate = f"candidate_recall@{settings.candidates_kept}"
    values[candidate, ties.NONE] = _over(hits.right_candidates.astype(np.float64), n_right)
    return values


def _over(sums: Floats, n_right: Integers) -> Floats:
    has_answer = n_right > 0
    shares = np.full(len(sums), np.nan)
    shares[has_answer] = sums[has_answer] / n_right[has_answer]
    return shares
