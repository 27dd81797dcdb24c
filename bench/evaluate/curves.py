"""Precision and recall by cutoff."""

import numpy as np

from bench.evaluate.arrays import Bools, Floats, Integers
from bench.evaluate.hits import Hits
from bench.evaluate.pooled import ratio
from bench.evaluate.queries import Queries
from bench.evaluate.rankings import Ranking


def kept_counts(values: Floats, ranking: Ranking, cutoffs: Floats) -> Integers:
    """Count the values each cutoff keeps.

    Parameters
    ----------
    values : float64[h]
        Values of the hits.
    ranking : Ranking
        The cutoff rule.
    cutoffs : float64[c]
        The cutoffs.

    Returns
    -------
    int64[c]

    Examples
    --------
    >>> from bench.evaluate.rankings import DISTANCE, SCORE
    >>> kept_counts(np.array([3.0, 1.0, 2.0]), SCORE, np.array([1.0, 2.0, 4.0])).tolist()
    [3, 2, 0]
    >>> kept_counts(np.array([0.1, 0.2]), DISTANCE, np.array([0.1, 0.2, 0.3])).tolist()
    [0, 1, 2]
    """
    below = np.searchsorted(np.sort(values), cutoffs, side="left")
    kept = len(values) - below if ranking.higher_is_better else below
    return np.asarray(kept, dtype=np.int64)


def curve(
    hits: Hits, ranking: Ranking, queries: Queries, chosen: Bools, cutoffs: Floats
) -> dict[str, Floats | Integers]:
    """Return the curve of some queries over all cutoffs.

    Parameters
    ----------
    hits : Hits
        Hits of all queries.
    ranking : Ranking
        One the hits have.
    queries : Queries
        All queries.
    chosen : bool[q]
        The queries to count.
    cutoffs : float64[c]
        The cutoffs.

    Returns
    -------
    dict of str to array[c]
        ``cutoff``; ``tp`` and ``fp``, right and wrong pairs kept; ``n_right``, queries with a
        right answer; ``precision`` = tp / (tp + fp), NaN where nothing is kept; ``recall`` =
        tp / n_right, NaN where n_right is 0.
    """
    part = hits.of(chosen)
    values = part.by_ranking[ranking.name]
    right = kept_counts(values[part.right], ranking, cutoffs)
    wrong = kept_counts(values[~part.right], ranking, cutoffs)
    n_right = np.full(len(cutoffs), (chosen & queries.in_database).sum(), dtype=np.int64)
    return {
        "cutoff": cutoffs,
        "tp": right,
        "fp": wrong,
        "n_right": n_right,
        "precision": ratio(right.astype(np.float64), (right + wrong).astype(np.float64)),
        "recall": ratio(right.astype(np.float64), n_right.astype(np.float64)),
    }
