"""How cutoffs move as the collection grows.

The evaluation is repeated with the database cut to its first n documents, which are a simple
random sample of it if the documents are in random order, as those of a run are. Right answers stay
in the database whatever n is: what grows is what they must be told from. So a query sees n
documents, and its right answer where it has one.

The hits of the cut database are those of the whole one that are among its first n documents, in the
same order: a document that is among the K best of all is among the K best of a part. What may be
missing are hits behind the last one the engine returned, which moved up into the K best: hits of
its score and below. ``incomplete`` counts the queries of which pairs at the cutoff may be missing:
under ``score`` those whose last hit reaches the cutoff, under ``distance``, which does not follow
the engine's order, all whose list was full. They may have fewer wrong pairs than a real index of
that size would return; a right answer that was not among the candidates of the whole stays lost.

``own``
    The cutoff is tuned at each size.
``fixed``
    It is tuned at the smallest size and kept, as one who does not look again would.

Intervals resample split and tuning, `bench.evaluate.held_out`.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bench.evaluate.arrays import Bools, Floats, Weights
from bench.evaluate.held_out import Halves, Tuned, held_out_measures, tune
from bench.evaluate.hits import select_hits
from bench.evaluate.inputs import ALL, Queries
from bench.evaluate.rankings import COLUMNS, SCORE, Ranking
from bench.evaluate.sample import take_sample
from bench.evaluate.settings import EvaluationSettings


def collection_sizes(n_documents: int) -> list[int]:
    """Return the sizes to cut a database to: 1, 2 and 5 times powers of ten from 1,000, and all."""
    steps = (step * 10**power for power in range(3, 13) for step in (1, 2, 5))
    return [*(size for size in steps if size < n_documents), n_documents]


def cut_database(candidates: pd.DataFrame, n_documents: int) -> pd.DataFrame:
    """The candidates that are right or among the first documents, their places renumbered."""
    kept = candidates[(candidates["doc"] < n_documents) | (candidates["relation"] == "right")]
    return kept.assign(rank=kept.groupby("row").cumcount())


def last_scores(candidates: pd.DataFrame, n_queries: int, n_candidates: int) -> Floats:
    """Return the score below which the list of each query may lack documents.

    ``float64[q]``: score of the last hit of a full list, at which there may be more; 0 where the
    list is not full, so that it holds every document that matches at all.
    """
    by_query = candidates.groupby("row")["score"]
    last = by_query.min()[by_query.size() >= n_candidates]
    scores = np.zeros(n_queries)
    scores[last.index.to_numpy(dtype=np.int64)] = last.to_numpy(dtype=np.float64)
    return scores


def may_lack_pairs(ranking: Ranking, cutoff: float, last: Floats) -> Bools:
    """Tell which queries may lack pairs that a cutoff keeps; NaN keeps, and so lacks, nothing."""
    best = dict.fromkeys(COLUMNS, np.zeros(len(last))) | {SCORE.name: last}
    return ranking.keeps(ranking.values(best), cutoff) & (last > 0)


def growth(
    candidates: pd.DataFrame,
    queries: Queries,
    rankings: Sequence[Ranking],
    sizes: Sequence[int],
    weights: Weights,
    drawn: Halves,
    settings: EvaluationSettings,
) -> list[dict[str, object]]:
    """Tune and try cutoffs at growing sizes of the database.

    Rows of `bench.evaluate.outputs.GROWTH` without the variant; precision and recall are of the
    report half.
    """
    rows: list[dict[str, object]] = []
    last = last_scores(candidates, len(queries), settings.n_candidates)
    fixed: dict[tuple[str, str], Tuned] = {}
    every, report_half = queries.halves[ALL], queries.halves["report"]
    for size in sizes:
        hits = select_hits(cut_database(candidates, size), len(queries), settings)
        for ranking in rankings:
            if ranking.name not in hits.by_ranking:
                hits = hits.ranked_by(ranking)
            tuned = tune(
                take_sample(hits, ranking, queries, queries.halves["tune"], weights),
                take_sample(hits, ranking, queries, every, drawn.tune),
                settings,
            )
            report = take_sample(hits, ranking, queries, report_half, weights)
            tried_on = take_sample(hits, ranking, queries, every, drawn.report)
            for label, own in tuned.items():
                kept = fixed.setdefault((ranking.name, label), own)
                for rule, each in (("own", own), ("fixed", kept)):
                    lacking = report_half & may_lack_pairs(ranking, each.cutoff, last)
                    row: dict[str, object] = {"ranking": ranking.name, "documents": size}
                    row |= {"target": label, "rule": rule, "cutoff": each.cutoff}
                    found = held_out_measures(report, tried_on, {label: each})
                    for column, estimate in zip(("precision", "recall"), found, strict=True):
                        row |= estimate.columns(column, settings.confidence)
                    row |= {"queries": int(report_half.sum()), "incomplete": int(lacking.sum())}
                    rows.append(row)
    return rows
