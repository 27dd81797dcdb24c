"""What a search must return, computed without the engine, and compared hit for hit."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.index.variant import Variant
from bench.runs.errors import WrongIndexError
from imgsig.layouts import get_layout


@dataclass(frozen=True)
class Verification:
    """How many hits were compared, all of them right.

    Where they are `exact`, they are the very documents that an exact engine returns; otherwise each
    has the score it should have, and stands where it should among those returned. `recall` is the
    share of an exact engine's hits that were returned, whichever documents of equal scores.
    """

    hits: int
    exact: bool
    recall: float

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def expected_hits(
    scores: NDArray[np.int64], size: int, least: int = 1
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Documents and scores that an exact engine returns, given all scores, ``int64[documents]``.

    Examples
    --------
    >>> documents, scores = expected_hits(np.array([2, 1, 0, 2]), size=3)
    >>> documents.tolist(), scores.tolist()
    ([0, 3, 1], [2, 2, 1])
    """
    order = np.argsort(-scores, kind="stable")[:size]
    order = order[scores[order] >= least]
    return order, scores[order]


def verify_candidates(
    candidates: pd.DataFrame,
    variant: Variant,
    queries: NDArray[np.int64],
    signatures: NDArray[np.int8],
    database: NDArray[np.int8],
    *,
    size: int,
    minimum_should_match: int | None = None,
    shards: int = 1,
) -> Verification:
    """Compare every hit of every numbered query with the expected ones.

    Signatures are ``int8[m, length]``, the database is ``int8[documents, length]``. With more than
    one shard, documents of equal score have no order, so any of them may stand for another.
    """
    matcher = get_layout(variant.layout).matcher
    scorer = matcher.scorer(variant.scheme, database)
    hits = dict(iter(candidates.groupby("query", sort=False)))
    none = candidates.iloc[:0]
    wanted = returned = 0
    for query, signature in zip(queries.tolist(), signatures, strict=True):
        all_scores = scorer(signature)
        documents, scores = expected_hits(all_scores, size, minimum_should_match or 1)
        found = hits.get(query, none)
        got, got_scores = found["doc"].to_numpy(), found["score"].to_numpy()
        wanted += len(documents)
        returned += _as_good(got_scores, scores)
        if not matcher.exact:  # of the documents it did return, the right order and scores
            got_in_order = np.unique(got)
            documents, scores = expected_hits(all_scores[got_in_order], size)
            documents = got_in_order[documents]
        elif shards > 1:
            documents = _of_equal_score(got, got_scores, documents, scores, all_scores)
        if not np.array_equal(got, documents) or not np.array_equal(got_scores, scores):
            raise WrongIndexError(
                f"query {query}: the engine's hits differ from those counted without it: "
                f"{_first_difference(found, documents, scores)}. The index does not hold the "
                "documents it should; run again to rebuild the index"
            )
    return Verification(len(candidates), matcher.exact, returned / wanted if wanted else 1.0)


def _of_equal_score(
    got: NDArray[np.int64],
    got_scores: NDArray[np.int64],
    documents: NDArray[np.int64],
    scores: NDArray[np.int64],
    all_scores: NDArray[np.int64],
) -> NDArray[np.int64]:
    """The documents returned, if they are the expected ones but for the choice among equals."""
    as_scored = np.array_equal(all_scores[got], got_scores) and len(set(got.tolist())) == len(got)
    if not as_scored or not np.array_equal(got_scores, scores):
        return documents
    better = scores > scores[-1] if len(scores) else np.zeros(0, dtype=np.bool_)
    return got if set(got[better].tolist()) == set(documents[better].tolist()) else documents


def _as_good(scores: NDArray[np.int64], expected: NDArray[np.int64]) -> int:
    """How many scores are as good as the worst of the expected ones."""
    return int((scores >= expected[-1]).sum()) if len(expected) else 0


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
