"""The answers that every index must give, computed without an engine over the whole stream."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.index.variant import Variant
from bench.kinds.nodes.arrangements import WHOLE
from bench.kinds.nodes.config import Nodes
from bench.kinds.synthetic.documents import Documents
from bench.runs.errors import WrongIndexError
from bench.search.exact.stream import BLOCK, Best, by_score, exact_answers
from bench.search.exact.truth import signed_rows
from bench.search.verification import HIT, compare_hits
from bench.signing.sign import Signed


def answer(
    config: Nodes,
    signed: Signed,
    documents: Any,
    work: Path,
    advance: Callable[[int], object],
) -> dict[str, Best]:
    """The best hits of each variant, computed unless that is done.

    Documents are rows of signatures, as an array has them.
    """
    queries = signed.query_signatures[signed_rows(signed)]

    def place(size: int, name: str) -> Path:
        return work / "answers" / f"{size}-{name}.npz"

    variants = {one.index_name: one for one in config.expand()}
    exact_answers(
        {name: by_score(one, queries) for name, one in variants.items()},
        documents,
        [config.documents],
        len(queries),
        config.search.size,
        place,
        advance,
    )
    return {name: Best.load(place(config.documents, name)) for name in variants}


def confirm(
    variant: Variant,
    found: pd.DataFrame,
    best: Best,
    signed: Signed,
    documents: Documents,
) -> int:
    """Compare every hit with the exact ones; how many there are. Raises `WrongIndexError`.

    `found` has an ``arrangement`` besides `HIT`. In one shard documents of equal score come in the
    order in which they were indexed. In several they come by their number within their shard: which
    of the documents enter that score as the last hit does is then no one's promise, and each that
    did must have that very score.
    """
    rows = signed_rows(signed)
    numbers = signed.queries["query"].to_numpy()[rows]
    place_of = {number: place for place, number in enumerate(numbers.tolist())}
    wanted = _as_hits(best, numbers)
    for arrangement, own in found.groupby("arrangement", sort=False):
        if arrangement == WHOLE:
            compare_hits(variant.index_name, own, wanted)
            continue
        if (own.groupby("query")["score"].diff() > 0).any():
            raise WrongIndexError(
                f"index {variant.index_name!r}: a hit of several shards scores more than the one "
                "before it; run again to rebuild the index, and report it if it stays"
            )
        # Equal scores in the order of their documents, on both sides.
        tied, ordered = _split(own), _split(wanted)
        compare_hits(variant.index_name, tied[0], ordered[0])
        last = tied[1].merge(ordered[1], on=HIT[:2], how="outer", suffixes=("", "_wanted"))
        if (last["score"] != last["score_wanted"]).any() or tied[1].duplicated(HIT[:3:2]).any():
            raise WrongIndexError(
                f"index {variant.index_name!r}: the last hits of an answer of several shards do "
                "not score what those of one do; run again to rebuild the index, and report it if "
                "it stays"
            )
        places = tied[1]["query"].map(place_of).to_numpy(dtype=np.int64)
        docs = tied[1]["doc"].to_numpy(dtype=np.int64)
        scores = scores_of(variant, signed.query_signatures[rows], places, docs, documents)
        if (wrong := scores != tied[1]["score"].to_numpy()).any():
            first = tied[1][wrong].iloc[0]
            raise WrongIndexError(
                f"index {variant.index_name!r}, query {first['query']}: document {first['doc']} "
                f"has score {first['score']}, and {scores[wrong][0]} is what its signature gives; "
                "run again to rebuild the index, and report it if it stays"
            )
    return len(found)


def _as_hits(best: Best, numbers: NDArray[np.int64]) -> pd.DataFrame:
    """Exact answers as rows of hits."""
    query, rank = np.nonzero(np.arange(best.docs.shape[1]) < best.found[:, np.newaxis])
    docs, scores = best.docs[query, rank], best.scores[query, rank].astype(np.int64)
    return pd.DataFrame(dict(zip(HIT, (numbers[query], rank, docs, scores), strict=True)))


def _split(hits: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hits above the last score of their answer, equals by document; and those of the last."""
    ordered = hits.sort_values(
        ["query", "score", "doc"], ascending=[True, False, True], ignore_index=True
    )
    ordered["rank"] = ordered.groupby("query").cumcount()
    last = ordered["score"] == ordered.groupby("query")["score"].transform("min")
    return ordered[~last], ordered[last]


def scores_of(
    variant: Variant,
    signatures: NDArray[np.int8],
    places: NDArray[np.int64],
    docs: NDArray[np.int64],
    documents: Documents,
) -> NDArray[np.int64]:
    """Scores of single documents for the query at each place, in one pass over all documents."""
    matcher = variant.identity.layout.matcher
    found = np.zeros(len(docs), dtype=np.int64)
    order = np.argsort(docs, kind="stable")
    for start in range(0, len(documents), BLOCK):
        first, stop = np.searchsorted(docs[order], (start, start + BLOCK))
        own = order[first:stop]
        if not len(own):
            continue
        block = documents[start : min(start + BLOCK, len(documents))]
        for place in np.unique(places[own]).tolist():
            mine = own[places[own] == place]
            scorer = matcher.scorer(variant.scheme, block[docs[mine] - start])
            found[mine] = scorer(signatures[place])
    return found
