"""The hits of one variant, after the query settings and without what is ignored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bench.evaluate.arrays import Bools, Floats, Integers
from bench.evaluate.inputs import EvaluationInputError
from bench.evaluate.rankings import COLUMNS, DISTANCE, RANKINGS, SCORE, Ranking
from bench.evaluate.settings import EvaluationSettings


@dataclass(frozen=True)
class Hits:
    """The hits of all queries of one variant.

    Parameters
    ----------
    query : int64[h]
        Row of the query in the queries table.
    right : bool[h]
        Whether the document is a right answer.
    by_ranking : dict of str to float64[h]
        The value of each ranking the variant has.
    right_candidates : int64[q]
        For each query, how many of its right answers are among the first `size` hits, before any
        cutoff.
    """

    query: Integers
    right: Bools
    by_ranking: dict[str, Floats]
    right_candidates: Integers

    @property
    def is_candidate(self) -> Bools:
        """For each query, whether any right answer is among the hits, before any cutoff."""
        return self.right_candidates > 0

    def of(self, queries: Bools) -> "Hits":
        """Return the hits of the chosen queries; rows keep their number."""
        kept = queries[self.query]
        return Hits(
            self.query[kept],
            self.right[kept],
            {name: values[kept] for name, values in self.by_ranking.items()},
            self.right_candidates * queries,
        )

    def ranked_by(self, ranking: Ranking) -> "Hits":
        """Return the hits with the values of one more ranking."""
        values = ranking.values(self.by_ranking)
        return replace(self, by_ranking=self.by_ranking | {ranking.name: values})


def hits_from_arrays(
    query: Integers, right: Bools, columns: Mapping[str, Floats], n_queries: int
) -> Hits:
    """Make hits of arrays, with every ranking their columns allow.

    Parameters
    ----------
    columns : mapping of str to number[h]
        ``score``, and ``distance`` and ``sign_distance`` where there are such.

    Examples
    --------
    >>> scores = {"score": np.array([9, 5, 7])}
    >>> hits = hits_from_arrays(np.array([0, 0, 2]), np.array([True, False, True]), scores, 3)
    >>> list(hits.by_ranking), hits.right_candidates.tolist()
    (['score'], [1, 0, 1])
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


def select_hits(candidates: pd.DataFrame, n_queries: int, settings: EvaluationSettings) -> Hits:
    """Apply the query settings to the candidates of one variant.

    `size` counts places in the engine's order, ignored documents included, since they take a
    place there too. Ignored documents are then removed, as the junk images of the Oxford
    Buildings and Holidays protocols are, and the cutoffs applied.

    Parameters
    ----------
    candidates : DataFrame
        Checked candidates of one variant, with the column ``row``: row of the query.

    Returns
    -------
    Hits
            Without the rankings whose columns the variant lacks: the column is not there, or it is
        NaN since no signature is stored. A variant that found nothing at all has every ranking
        the table has columns for: nothing shows that it has no signature.
    """
    table = candidates[
        (candidates["rank"] < settings.candidates_kept) & (candidates["relation"] != "ignored")
    ]
    present = {
        column: table[column].to_numpy(dtype=np.float64) for column in available_columns(candidates)
    }
    every = hits_from_arrays(
        table["row"].to_numpy(dtype=np.int64),
        (table["relation"] == "right").to_numpy(dtype=np.bool_),
        present,
        n_queries,
    )
    kept = np.ones(len(table), dtype=np.bool_)
    cutoffs: list[tuple[Ranking, float | None]] = [
        (SCORE, settings.score_cutoff),
        (DISTANCE, settings.distance_cutoff),
    ]
    for ranking, cutoff in cutoffs:
        if cutoff is not None and ranking.name in every.by_ranking:
            kept &= ranking.keeps(every.by_ranking[ranking.name], cutoff)
    return Hits(
        every.query[kept],
        every.right[kept],
        {name: values[kept] for name, values in every.by_ranking.items()},
        every.right_candidates,
    )


def available_columns(candidates: pd.DataFrame) -> list[str]:
    """Name the ranking columns that one variant has.

    Parameters
    ----------
    candidates : DataFrame
        Checked candidates of one variant: a column is NaN in all rows or in none.
    """
    return [
        column
        for column in COLUMNS
        if column in candidates.columns and not candidates[column].isna().any()
    ]
