"""The hits of one variant, after the query settings and without what is ignored."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.evaluate.arrays import Bools, Floats, Integers
from bench.evaluate.rankings import DISTANCE, RANKINGS, SCORE, Ranking
from bench.evaluate.settings import EvaluationSettings


@dataclass(frozen=True)
class Hits:
    """The hits of all queries of one variant.

    Parameters
    ----------
    query : int64[h]
        Row of the query in the queries table.
    right : bool[h]
        Whether the document is the right answer.
    by_ranking : dict of str to float64[h]
        The value of each ranking the variant has.
    is_candidate : bool[q]
        For each query, whether its right answer is among the first `size` hits, before any
        cutoff.
    """

    query: Integers
    right: Bools
    by_ranking: dict[str, Floats]
    is_candidate: Bools

    def of(self, queries: Bools) -> "Hits":
        """Return the hits of the chosen queries; rows keep their number."""
        kept = queries[self.query]
        return Hits(
            self.query[kept],
            self.right[kept],
            {name: values[kept] for name, values in self.by_ranking.items()},
            self.is_candidate & queries,
        )


def select_hits(candidates: pd.DataFrame, n_queries: int, settings: EvaluationSettings) -> Hits:
    """Apply the query settings to the candidates of one variant.

    `size` counts places in the engine's order, ignored documents included, since they take a
    place there too. Ignored documents are then removed, as the junk images of the Oxford
    Buildings and Holidays protocols are, and the cutoffs applied.

    Parameters
    ----------
    candidates : DataFrame
        Checked candidates of one variant, with the column ``row``: row of the query.
    n_queries : int
        Rows of the queries table.
    settings : EvaluationSettings
        `size`, `score_cutoff` and `distance_cutoff`.

    Returns
    -------
    Hits
        Where the variant stores no signature, without the distance ranking. A variant that
        found nothing at all has every ranking: nothing shows that it has no signature.
    """
    table = candidates[
        (candidates["rank"] < settings.candidates_kept) & (candidates["relation"] != "ignored")
    ]
    right = (table["relation"] == "right").to_numpy(dtype=np.bool_)
    row = table["row"].to_numpy(dtype=np.int64)
    is_candidate = np.zeros(n_queries, dtype=np.bool_)
    is_candidate[row[right]] = True

    stored = not candidates["distance"].isna().any()
    values = {
        ranking.name: table[ranking.column].to_numpy(dtype=np.float64)
        for ranking in RANKINGS.values()
        if stored or ranking.column != DISTANCE.column
    }
    kept = np.ones(len(table), dtype=np.bool_)
    cutoffs: list[tuple[Ranking, float | None]] = [
        (SCORE, settings.score_cutoff),
        (DISTANCE, settings.distance_cutoff),
    ]
    for ranking, cutoff in cutoffs:
        if cutoff is not None and ranking.name in values:
            kept &= ranking.keeps(values[ranking.name], cutoff)
    return Hits(
        row[kept],
        right[kept],
        {name: column[kept] for name, column in values.items()},
        is_candidate,
    )
