"""Just the top n: what a person sees who looks at so many results of a query and no cutoff.

Of queries with a right answer in the database: the share of right answers among the first n, and
how many wrong pictures are looked at on the way. Of queries without one: how many wrong pictures
are looked at, all of them for nothing, and how often the list is empty, which alone tells that
there is no match. Failed queries show nothing. Ties are at their expected value.
"""

import numpy as np

from bench.evaluate import ties
from bench.evaluate.arrays import Weights, sums
from bench.evaluate.estimates import mean_over_queries
from bench.evaluate.hits import Hits, right_places
from bench.evaluate.inputs import ALL, Queries
from bench.evaluate.pooled import ratio
from bench.evaluate.rankings import Ranking
from bench.evaluate.sample import take_sample

TOPS = (1, 5, 10, 20)
MATCHED, UNMATCHED = "matched", "unmatched"
FOUND, WRONG, EMPTY = "right answers shown", "wrong pictures shown", "nothing shown"


def top_rows(
    hits: Hits, ranking: Ranking, queries: Queries, weights: Weights, confidence: float
) -> list[dict[str, object]]:
    """Rows of `bench.evaluate.outputs.TOP` without the system."""
    sample = take_sample(hits, ranking, queries, queries.halves[ALL], weights)
    length = sums(hits.query, len(queries))
    query, places = right_places(hits, ranking)
    rows: list[dict[str, object]] = []
    for top in TOPS:
        shown = sums(query, len(queries), ties.chance_within(top, places)[ties.EXPECTED])
        wrong = np.minimum(length, top) - shown
        recall = ratio(shown, queries.n_right.astype(np.float64))
        matched, unmatched = queries.in_database, ~queries.in_database
        for name, of, measure, values, is_rate in (
            (MATCHED, matched, FOUND, recall, True),
            (MATCHED, matched, WRONG, wrong, False),
            (UNMATCHED, unmatched, WRONG, wrong, False),
            (UNMATCHED, unmatched, EMPTY, (length == 0).astype(np.float64), True),
        ):
            estimate = mean_over_queries(sample, measure, ties.EXPECTED, values, of, is_rate)
            rows.append({"top": top, "queries": name, **estimate.row(confidence)})
    return rows
