"""Search an index for every query, as the reference does: one ``bool/should`` of ``term`` clauses.

The engine ranks by score; among equal scores by sequence number, that is in the order in which the
documents were indexed. (Without that the order would be Lucene's, which depends on how segments
happened to be merged, and the hundredth hit with it.) Distances are computed from the signatures in
the hits, so they are those of what is really stored.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from elasticsearch import Elasticsearch
from numpy.typing import NDArray

from bench.errors import MeasurementError
from bench.layouts import get_layout
from bench.variant import Variant
from imgsig import normalized_distance

#: Queries sent before the measured ones, to load caches and compile hot code.
WARM_UP = 20

_SORT = [{"_score": "desc"}, {"_seq_no": "asc"}]


def search_all(
    client: Elasticsearch,
    variant: Variant,
    queries: NDArray[np.int64],
    signatures: NDArray[np.int8],
    *,
    size: int = 100,
    advance: Callable[[int], object] = lambda done: None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Search for each signature, one after the other.

    Parameters
    ----------
    client : Elasticsearch
        The engine's client.
    variant : Variant
        Whose index.
    queries : ndarray
        ``int64[m]`` numbers of the queries.
    signatures : ndarray
        ``int8[m, length]``.
    size : int
        Hits to fetch.
    advance : callable
        Called with the number of queries done since the last call.

    Returns
    -------
    candidates : DataFrame
        One row a query and hit: ``query, rank, doc, score, distance`` (NaN where no signature is
        stored), in the engine's order.
    timings : DataFrame
        One row a query: ``query, took_ms`` (the engine's own) and ``latency_ms`` (the client's,
        hits parsed, distances not yet computed). One client, warm; orientation, not a benchmark.

    Raises
    ------
    MeasurementError
        If a search times out or fails on a shard: partial hits are no result.
    """
    layout, codec = get_layout(variant.layout), variant.get_codec()
    words = variant.scheme.words(signatures)
    source = layout.fetched_fields if variant.stores_signature else False
    compared = signatures
    if variant.stores_signature:  # a lossy codec compares like with like
        compared = codec.decode_batch(codec.encode_batch(signatures))
    for row in range(min(WARM_UP, len(words))):
        _search(client, variant, words[row], size, source)
    candidates: list[pd.DataFrame] = []
    timings: list[tuple[int, int, float]] = []
    for row, query in enumerate(queries.tolist()):
        begun = time.perf_counter()
        answer = _search(client, variant, words[row], size, source)
        timings.append((query, answer["took"], (time.perf_counter() - begun) * 1000))
        hits = answer["hits"]["hits"]
        scores = np.array([hit["_score"] for hit in hits], dtype=np.float64)
        if (scores != np.rint(scores)).any():
            raise MeasurementError(
                f"index {variant.index_name!r} gives scores that are no word counts: "
                f"{scores[scores != np.rint(scores)][0]}; its words are mapped to a type that does "
                "not score 1 each"
            )
        distances = np.full(len(hits), np.nan)
        if variant.stores_signature and hits:
            stored = [codec.from_json(layout.stored_signature(hit)) for hit in hits]
            distances = normalized_distance(codec.decode_batch(stored), compared[row])
        candidates.append(
            pd.DataFrame(
                {
                    "query": np.full(len(hits), query, dtype=np.int64),
                    "rank": np.arange(len(hits), dtype=np.int32),
                    "doc": np.array([int(hit["_id"]) for hit in hits], dtype=np.int64),
                    "score": scores.astype(np.int32),
                    "distance": distances,
                }
            )
        )
        advance(1)
    return (
        pd.concat(candidates, ignore_index=True),
        pd.DataFrame(timings, columns=["query", "took_ms", "latency_ms"]),
    )


def _search(
    client: Elasticsearch, variant: Variant, words: NDArray[np.int64], size: int, source: Any
) -> Any:
    answer = client.search(
        index=variant.index_name,
        query=get_layout(variant.layout).query(words, variant.scheme),
        size=size,
        sort=_SORT,
        source=source,
        track_total_hits=False,
        allow_partial_search_results=False,
    )
    if answer["timed_out"] or answer["_shards"]["failed"]:
        raise MeasurementError(
            f"a search of {variant.index_name!r} was cut short (timed out: {answer['timed_out']}, "
            f"failed shards: {answer['_shards']['failed']}); see the engine's log, then run again"
        )
    return answer
