"""What a search must return, computed without the engine, and compared hit for hit."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.errors import MeasurementError


def expected_hits(
    words: NDArray[np.int64], query: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Documents and scores that an exact engine returns.

    Parameters
    ----------
    words : ndarray
        ``int64[documents, N]``.
    query : ndarray
        ``int64[N]``.
    size : int
        Hits wanted.

    Returns
    -------
    documents, scores : ndarray
        Best first: number of equal words, then document number; documents without an equal word are
        no hits.

    Examples
    --------
    >>> words = np.array([[1, 2], [1, 3], [4, 5], [1, 2]])
    >>> documents, scores = expected_hits(words, np.array([1, 2]), size=3)
    >>> documents.tolist(), scores.tolist()
    ([0, 3, 1], [2, 2, 1])
    """
    scores = np.count_nonzero(words == query, axis=1)
    order = np.argsort(-scores, kind="stable")[:size]
    order = order[scores[order] > 0]
    return order, scores[order]


def verify_candidates(
    candidates: pd.DataFrame,
    queries: NDArray[np.int64],
    query_words: NDArray[np.int64],
    words: NDArray[np.int64],
    size: int,
) -> int:
    """Compare every hit of every query with the expected ones.

    Parameters
    ----------
    candidates : DataFrame
        Of one variant, as `bench.search.search_all` returned them.
    queries : ndarray
        ``int64[m]`` numbers of the queries.
    query_words, words : ndarray
        ``int64[m, N]`` of the queries and ``int64[documents, N]`` of the database.
    size : int
        Hits that were fetched.

    Returns
    -------
    int
        Number of hits compared, all equal.

    Raises
    ------
    MeasurementError
        At the first difference.
    """
    hits = dict(iter(candidates.groupby("query", sort=False)))
    none = candidates.iloc[:0]
    for query, own_words in zip(queries.tolist(), query_words, strict=True):
        found = hits.get(query, none)
        documents, scores = expected_hits(words, own_words, size)
        if not np.array_equal(found["doc"].to_numpy(), documents) or not np.array_equal(
            found["score"].to_numpy(), scores
        ):
            raise MeasurementError(
                f"query {query}: the engine's hits differ from the equal words counted without it: "
                f"{_first_difference(found, documents, scores)}. The index does not hold the "
                "documents it should; delete it and run again"
            )
    return len(candidates)


def _first_difference(
    found: pd.DataFrame, documents: NDArray[np.int64], scores: NDArray[np.int64]
) -> str:
    got = list(zip(found["doc"].tolist(), found["score"].tolist(), strict=True))
    expected = list(zip(documents.tolist(), scores.tolist(), strict=True))
    for rank in range(max(len(got), len(expected))):
        pair = [hits[rank] if rank < len(hits) else None for hits in (got, expected)]
        if pair[0] != pair[1]:
            return f"at rank {rank} (document, score) {pair[0]} instead of {pair[1]}"
    return "no difference"
