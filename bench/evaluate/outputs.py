"""Columns, dtypes and order of the tables an evaluation gives.

Rows come in the order in which they are made, which the input fixes but for the order of its
rows: variants as in ``word_counts``; ``score`` before ``distance``; ``all`` before the
transforms by name; measures as in `bench.evaluate.measures`; ``all``, ``tune``, ``report``;
cutoffs and queries increasing. So the same input gives the same bytes.
"""

from collections.abc import Mapping

import pandas as pd

METRICS: Mapping[str, str] = {
    "variant": "str",
    "ranking": "str",  # score, distance
    "transform": "str",  # all, or the name of one
    "measure": "str",
    "tie": "str",  # optimistic, expected, pessimistic, none
    "value": "float64",  # NaN where undefined
    "low": "float64",  # interval; NaN where there is none
    "high": "float64",
    "interval": "str",  # bootstrap, wilson, none
    "n": "int64",  # queries counted: with a right answer for means and recalls, else all
}
"""One row a variant, ranking, transform, measure and tie label."""

PER_QUERY: Mapping[str, str] = {
    "variant": "str",
    "ranking": "str",
    "query": "int64",
    "measure": "str",  # AP, recall@k, candidate_recall@K
    "tie": "str",
    "value": "float64",
}
"""One row a variant, ranking, measure, tie label and query with a right answer."""

CURVES: Mapping[str, str] = {
    "variant": "str",
    "ranking": "str",
    "half": "str",  # all, tune, report
    "cutoff": "float64",  # score: kept if >=; distance: kept if <
    "tp": "int64",  # right pairs kept
    "fp": "int64",  # wrong pairs kept
    "n_right": "int64",  # queries with a right answer in the database
    "precision": "float64",  # tp / (tp + fp); NaN where nothing is kept
    "recall": "float64",  # tp / n_right; NaN where n_right is 0
}
"""One row a variant, ranking, half and cutoff."""

COMPARISONS: Mapping[str, str] = {
    "variant_a": "str",
    "ranking_a": "str",
    "variant_b": "str",
    "ranking_b": "str",
    "measure": "str",
    "tie": "str",  # expected where ties are broken, else none
    "difference": "float64",  # a - b
    "low": "float64",
    "high": "float64",
}
"""One row a pair of systems and measure."""


def make_table(rows: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Give rows the columns of a table.

    Parameters
    ----------
    rows : DataFrame
        The rows, with at least those columns; or none at all.
    columns : mapping of str to str
        Columns and their dtypes.

    Returns
    -------
    DataFrame
        With exactly those columns, in that order, and index 0, 1, ….

    Examples
    --------
    >>> list(make_table(pd.DataFrame(), COMPARISONS).columns)[:2]
    ['variant_a', 'ranking_a']
    """
    table = rows.reindex(columns=list(columns)) if rows.empty else rows[list(columns)]
    return table.astype(dict(columns)).reset_index(drop=True)
