"""Whether hits are the same: the engine's and those computed without it, or two variants'."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.index.variant import Variant
from bench.runs.errors import WrongIndexError
from imgsig.layouts import get_layout

Integers = NDArray[np.int64]
#: What tells a hit apart, and what it is.
HIT = ["query", "rank", "doc", "score"]


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


def expected_hits(scores: Integers, size: int, least: int = 1) -> tuple[Integers, Integers]:
    """Documents and scores that an exact engine returns, given all scores, ``int64[documents]``."""
    if size < len(scores):  # a partition is several times faster than sorting all
        least = max(least, int(np.partition(scores, len(scores) - size)[len(scores) - size]))
    kept = np.flatnonzero(scores >= least)
    order = kept[np.argsort(-scores[kept], kind="stable")[:size]]
    return order, scores[order]


def verify_candidates(
    candidates: pd.DataFrame,
    variant: Variant,
    queries: Integers,
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
    expected = [tuple(none[name].to_numpy() for name in HIT)]
    for query, signature in zip(queries.tolist(), signatures, strict=True):
        all_scores = scorer(signature)
        documents, scores = expected_hits(all_scores, size, minimum_should_match or 1)
        found = hits.get(query, none)
        got, got_scores = found["doc"].to_numpy(), found["score"].to_numpy()
        wanted += len(documents)
        returned += as_good(got_scores, scores)
        if not matcher.exact:  # of the documents it did return, the right order and scores
            got_in_order = np.unique(got)
            documents, scores = expected_hits(all_scores[got_in_order], size)
            documents = got_in_order[documents]
        elif shards > 1:
            documents = _of_equal_score(got, got_scores, documents, scores, all_scores)
        ranks = np.arange(len(documents))
        expected.append((np.full(len(documents), query), ranks, documents, scores))
    columns = map(np.concatenate, zip(*expected, strict=True))
    compare_hits(variant.index_name, candidates, pd.DataFrame(dict(zip(HIT, columns, strict=True))))
    return Verification(len(candidates), matcher.exact, returned / wanted if wanted else 1.0)


def compare_hits(index: str, found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Compare the engine's hits with those computed without it: both have the columns `HIT`."""
    both = found[HIT].merge(
        expected, on=HIT[:2], how="outer", suffixes=("", "_expected"), sort=True
    )
    got = both[["doc", "score"]].to_numpy(dtype=np.float64)
    wanted = both[["doc_expected", "score_expected"]].to_numpy(dtype=np.float64)
    # A hit that only one side has is NaN on the other, which equals nothing.
    wrong = (got != wanted).any(axis=1)
    if wrong.any():
        first = int(np.argmax(wrong))
        query, rank = both.loc[first, HIT[:2]]
        raise WrongIndexError(
            f"index {index!r}, query {query}, rank {rank}: the engine returned "
            f"{_hit(got[first])} instead of {_hit(wanted[first])} ({int(wrong.sum()):,} of "
            f"{len(both):,} hits differ from those computed without it). Either the index does not "
            "hold the documents it should, or the computation is wrong: run again to rebuild the "
            "index, and report it if it stays"
        )


def _hit(pair: NDArray[np.float64]) -> str:
    return "nothing" if np.isnan(pair[0]) else f"document {pair[0]:.0f} with score {pair[1]:.0f}"


def hits_digest(hits: pd.DataFrame, columns: Sequence[str]) -> str:
    """The same for the same hits: SHA-256 of columns of one variant's hits, to the last bit."""
    digest = hashlib.sha256()
    for column in columns:
        digest.update(np.ascontiguousarray(hits[column].to_numpy()).tobytes())
    return digest.hexdigest()


def _of_equal_score(
    got: Integers, got_scores: Integers, documents: Integers, scores: Integers, all_scores: Integers
) -> Integers:
    """The documents returned, if they are the expected ones but for the choice among equals."""
    as_scored = np.array_equal(all_scores[got], got_scores) and len(set(got.tolist())) == len(got)
    if not as_scored or not np.array_equal(got_scores, scores):
        return documents
    better = scores > scores[-1] if len(scores) else np.zeros(0, dtype=np.bool_)
    return got if set(got[better].tolist()) == set(documents[better].tolist()) else documents


def as_good(scores: Integers, expected: Integers) -> int:
    """How many scores are as good as the worst of the expected ones."""
    return int((scores >= expected[-1]).sum()) if len(expected) else 0
