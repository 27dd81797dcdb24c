"""Where recall is lost: the fate of every right answer.

=================  ==============================================================================
``first``          kept by the cutoff, and no wrong image is ranked above it
``outranked``      kept by the cutoff, but below a wrong image
``below_cutoff``   among the candidates, but the cutoff drops it
``not_candidate``  not among the K hits the engine returned: no ranking can bring it back
``not_signed``     the query failed: no signature could be made of it
=================  ==============================================================================

Each right answer of each query has one fate, so the shares of a cutoff sum to one. A right answer
tied with w wrong images is ``first`` with chance 1 / (w + 1), the expected value of
`bench.evaluate.ties`, and ``outranked`` otherwise; so counts may be fractions.

Cutoffs are tuned on one half of the queries and fates are those of the other, as the held-out
measures: ``first`` and ``outranked`` together are the held-out recall. Besides, fates are told
without any cutoff, which shows how many right answers are below a wrong image at all.
"""

import math
from collections.abc import Mapping

import numpy as np

from bench.evaluate.arrays import Bools, Floats, sums
from bench.evaluate.hits import Hits, right_places
from bench.evaluate.inputs import Queries
from bench.evaluate.rankings import Ranking
from bench.evaluate.rates import share

NO_CUTOFF = "none"
"""Label of the rows without a cutoff."""


def losses(
    hits: Hits, ranking: Ranking, queries: Queries, cutoffs: Mapping[str, float], confidence: float
) -> list[dict[str, object]]:
    """Return the share of right answers with each fate, over all queries and by transform.

    Rows of `bench.evaluate.outputs.LOSSES` without the system, of the half ``report``. The cutoffs,
    by label such as ``P90``, were tuned on the other half; NaN keeps nothing, and `NO_CUTOFF` is
    the infinite one that keeps all. The share is NaN where there are no right answers.
    """
    rows: list[dict[str, object]] = []
    n_right = queries.n_right.astype(np.float64)
    keeps_all = -math.inf if ranking.higher_is_better else math.inf
    for label, cutoff in {NO_CUTOFF: keeps_all, **cutoffs}.items():
        fates = fates_by_query(hits, ranking, queries, cutoff)
        for transform, made in queries.transforms.items():
            counted = made & queries.halves["report"]
            whole = _by_group(n_right, counted, queries)
            for fate, by_query in fates.items():
                part = _by_group(by_query, counted, queries)
                row = {"transform": transform, "target": label, "cutoff": cutoff, "fate": fate}
                row |= {"count": float(part.sum()), **share(part, whole, confidence)}
                rows.append(row)
    return rows


def fates_by_query(
    hits: Hits, ranking: Ranking, queries: Queries, cutoff: float
) -> dict[str, Floats]:
    """Count the right answers of each query by fate; a NaN cutoff keeps nothing."""
    query, places = right_places(hits, ranking)
    values = hits.by_ranking[ranking.name][hits.right]
    best_first = np.lexsort((-ranking.goodness(values), hits.query[hits.right]))
    kept = ranking.keeps(values[best_first], cutoff)
    first = np.where(kept & (places.wrong_before == 0), 1 / (places.wrong_tied + 1), 0.0)
    n_first, n_kept = (sums(query, len(queries), each) for each in (first, kept))
    n_found = hits.right_candidates.astype(np.float64)
    n_lost = queries.n_right - n_found
    return {
        "first": n_first,
        "outranked": n_kept - n_first,
        "below_cutoff": n_found - n_kept,
        "not_candidate": np.where(queries.signed, n_lost, 0.0),
        "not_signed": np.where(queries.signed, 0.0, n_lost),
    }


def _by_group(by_query: Floats, counted: Bools, queries: Queries) -> Floats:
    return sums(queries.group[counted], queries.n_groups, by_query[counted])
