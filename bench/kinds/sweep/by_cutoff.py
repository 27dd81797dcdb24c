"""Recall and wrong pairs of a scheme at each cutoff: what a choice for a larger collection needs.

Ranked by score, a cutoff is a least number of equal words, which the engine applies by itself.
Ranked by the words' signs, hits of a least score are fetched and cut by distance: both are given,
as in a large collection no search can fetch every document that shares a word. So each row has a
``min_score`` and a ``cutoff``; ranked by score they are the same.

Counts, intervals and the modelled tail are those of `bench.evaluate.wrong_pairs`.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.evaluate.arrays import Bools, Floats, Weights
from bench.evaluate.hits import Hits
from bench.evaluate.inputs import Queries
from bench.evaluate.outputs import WRONG_PAIRS, make_table
from bench.evaluate.rankings import RANKINGS, SCORE
from bench.evaluate.sample import take_sample
from bench.evaluate.wrong_pairs import MOST_WRONG, wrong_pairs
from bench.search.exact.simulator import SimulatedHits

#: Columns of the table ``by_cutoff``.
BY_CUTOFF: Mapping[str, str] = {**WRONG_PAIRS, "min_score": "int64"}

#: Least scores of hits that are cut by distance; those above half the words are left out.
MIN_SCORES = (1, 2, 4, 8, 16)
#: Cutoffs by distance: 0.1 to 0.7. Divided, not accumulated, so that 0.45 is the float 0.45.
DISTANCES = np.arange(4, 29, dtype=np.float64) / 40


def by_cutoff(
    hits: Hits,
    last: Floats,
    queries: Queries,
    weights: Weights,
    n_documents: int,
    word_count: int,
    rankings: Sequence[str],
    confidence: float,
) -> list[dict[str, Any]]:
    """Count recall and wrong pairs at each ranking, least score and cutoff of one scheme.

    Columns are those of `BY_CUTOFF` but ``variant``. Cutoffs that keep no right pair are left out,
    and those with more than `MOST_WRONG`.
    """
    every = np.ones(len(queries), dtype=np.bool_)
    rows: list[dict[str, Any]] = []
    for name in rankings:
        ranking = RANKINGS[name]
        for least in _least_scores(name, word_count):
            kept = _at_least(hits, least)
            sample = take_sample(kept, ranking, queries, every, weights)
            cutoffs = ranking.cutoffs(word_count) if name == SCORE.name else DISTANCES
            lacking = np.where(last >= least, last, 0.0)
            found = wrong_pairs(sample, queries, n_documents, cutoffs, lacking, confidence)
            for row in found:
                at_least = int(row["cutoff"]) if name == SCORE.name else least  # type: ignore[call-overload]
                rows.append({"ranking": name, "min_score": at_least, **row})
    return [row for row in rows if row["right_pairs"] and row["rate"] <= MOST_WRONG]


def last_found(found: SimulatedHits, rows: NDArray[np.int64], n_queries: int, size: int) -> Floats:
    """Score below which the list of each query may lack documents."""
    last = np.zeros(n_queries)
    full = found.rank == size - 1
    last[rows[found.query[full]]] = found.score[full]
    return last


def as_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows as JSON-ready columns, NaN as None: a scheme's rows have many columns, few kinds."""
    if not rows:
        return {}
    return {column: [plain(row[column]) for row in rows] for column in rows[0]}


def by_cutoff_table(simulated: Mapping[str, Mapping[str, list[Any]]]) -> pd.DataFrame:
    """The table ``by_cutoff`` of a sweep."""
    parts = [
        pd.DataFrame(columns).assign(variant=name) for name, columns in simulated.items() if columns
    ]
    return make_table(pd.concat(parts) if parts else pd.DataFrame(), BY_CUTOFF)


def _least_scores(ranking: str, word_count: int) -> Sequence[int]:
    if ranking == SCORE.name:
        return (1,)
    return [score for score in MIN_SCORES if score == 1 or 2 * score <= word_count]


def _at_least(hits: Hits, score: int) -> Hits:
    kept: Bools = hits.by_ranking[SCORE.name] >= score
    columns = {name: values[kept] for name, values in hits.by_ranking.items()}
    return Hits(hits.query[kept], hits.right[kept], columns, hits.right_candidates)


def plain(value: Any) -> Any:
    """A value for JSON, which has no NaN."""
    return None if isinstance(value, float) and math.isnan(value) else value
