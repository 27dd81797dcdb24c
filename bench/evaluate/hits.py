"""The hits of one variant, after the query settings and without what is ignored."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from bench.evaluate import ties
from bench.evaluate.arrays import Bools, Floats, Integers
from bench.evaluate.inputs import EvaluationInputError
from bench.evaluate.rankings import COLUMNS, DISTANCE, RANKINGS, SCORE, Ranking
from bench.evaluate.settings import EvaluationSettings


@dataclass(frozen=True)
class Hits:
    """The hits of all queries of one variant."""

    query: Integers  # int64[h]: row of the query in the queries table
    right: Bools  # bool[h]: whether the document is a right answer
    #: dict of str to float64[h]: the value of each ranking the variant has
    by_ranking: dict[str, Floats]
    #: int64[q]: for each query, how many of its right answers are among its hits, before any cutoff
    right_candidates: Integers
    #: float64[q] by tie label: the same where the documents of the last hit's score had come in
    #: another order; none where that is not known
    right_at_cut: Mapping[str, Floats] = field(default_factory=dict)

    def of(self, queries: Bools) -> "Hits":
        """Return the hits of the chosen queries; rows keep their number."""
        kept = self._where(queries[self.query], self.right_candidates * queries)
        at_cut = {tie: each * queries for tie, each in self.right_at_cut.items()}
        return replace(kept, right_at_cut=at_cut)

    def _where(self, kept: Bools, right_candidates: Integers) -> "Hits":
        by_ranking = {name: values[kept] for name, values in self.by_ranking.items()}
        kept_hits = self.query[kept], self.right[kept], by_ranking
        return Hits(*kept_hits, right_candidates, self.right_at_cut)

    def ranked_by(self, ranking: Ranking) -> "Hits":
        """Return the hits with the values of one more ranking."""
        values = ranking.values(self.by_ranking)
        return replace(self, by_ranking=self.by_ranking | {ranking.name: values})


def hits_from_arrays(
    query: Integers, right: Bools, columns: Mapping[str, Floats], n_queries: int
) -> Hits:
    """Make hits of arrays, with every ranking their columns allow.

    Columns are ``number[h]``: ``score``, and ``distance`` and ``sign_distance`` where there are
    such.
    """
    for name, values in {"right": right, **columns}.items():
        if len(values) != len(query):
            raise EvaluationInputError(
                f"{name} has {len(values)} hits and query has {len(query)}; give one value a hit"
            )
    if len(query) and not 0 <= query.min() <= query.max() < n_queries:
        raise EvaluationInputError(
            f"query has rows {query.min()} to {query.max()}; they must be 0 to {n_queries - 1}, "
            "rows of the queries table, not query numbers"
        )
    floats = {name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}
    by_ranking = {
        ranking.name: ranking.values(floats)
        for ranking in RANKINGS.values()
        if floats.keys() >= set(ranking.columns)
    }
    right_candidates = np.bincount(query[right], minlength=n_queries)
    return Hits(query, right, by_ranking, right_candidates)


def select_hits(
    candidates: pd.DataFrame,
    n_queries: int,
    settings: EvaluationSettings,
    cut: pd.DataFrame | None = None,
) -> Hits:
    """Apply the query settings to the candidates of one variant.

    Ignored documents are removed, as the junk images of the Oxford Buildings and Holidays protocols
    are, and the cutoffs applied.

    The candidates are checked and have the column ``row``, the row of their query. Rankings of
    columns that the variant lacks (not there, or NaN since no signature is stored) are left out. A
    variant that found nothing at all has every ranking the table has columns for: nothing shows
    that it has no signature.
    """
    table = candidates[candidates["relation"] != "ignored"]
    query = table["row"].to_numpy(dtype=np.int64)
    right = (table["relation"] == "right").to_numpy(dtype=np.bool_)
    present = {
        name: table[name].to_numpy(dtype=np.float64) for name in available_columns(candidates)
    }
    every = hits_from_arrays(query, right, present, n_queries)
    kept = np.ones(len(table), dtype=np.bool_)
    cutoffs = settings.score_cutoff, settings.distance_cutoff
    for ranking, cutoff in zip((SCORE, DISTANCE), cutoffs, strict=True):
        if cutoff is not None and ranking.name in every.by_ranking:
            kept &= ranking.keeps(every.by_ranking[ranking.name], cutoff)
    if cut is not None:
        every = replace(every, right_at_cut=_at_cut(candidates, cut, every.right_candidates))
    return every._where(kept, every.right_candidates)


def _at_cut(candidates: pd.DataFrame, cut: pd.DataFrame, found: Integers) -> dict[str, Floats]:
    """Right answers among the candidates under each order of those of the last hit's score."""
    row = candidates.groupby("query")["row"].first()[cut["query"]].to_numpy(dtype=np.int64)
    kept, tied, right_kept, right_tied = (
        cut[name].to_numpy(dtype=np.float64)
        for name in ("kept", "tied", "right_kept", "right_tied")
    )
    orders = {
        ties.OPTIMISTIC: np.minimum(right_tied, kept),
        ties.EXPECTED: right_tied * kept / tied,
        ties.PESSIMISTIC: np.maximum(kept - (tied - right_tied), 0),
    }
    at_cut = {}
    for tie, right in orders.items():
        at_cut[tie] = found.astype(np.float64)
        at_cut[tie][row] += right - right_kept
    return at_cut


def available_columns(candidates: pd.DataFrame) -> list[str]:
    """Name the ranking columns of one variant: checked, each is NaN in all rows or in none."""
    there = [column for column in COLUMNS if column in candidates.columns]
    return [column for column in there if not candidates[column].isna().any()]


def right_places(hits: Hits, ranking: Ranking) -> tuple[Integers, ties.Places]:
    """Find the places of all right hits among the hits of their queries.

    The row of the query of each right hit, ``int64[n]``, increasing, and the places of these hits,
    within a query best first.
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
