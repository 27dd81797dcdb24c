"""Search an index for every query: by default as image-match does, one ``term`` clause a word.

The engine ranks by score; among equal scores by sequence number, that is in the order in which the
documents were indexed. (Without that the order would be Lucene's, which depends on how segments
happened to be merged, and the hundredth hit with it.) Distances are computed from the signatures in
the hits, so they are those of what is really stored.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.engine.client import Client, retried, whole
from bench.index.variant import Variant
from bench.runs.errors import ExperimentError, MeasurementError
from imgsig import ConfigError, ScoreError
from imgsig.index.searching import WHOLE, HitDistances, narrowed, whole_scores
from imgsig.index.searching import search_body as request_body
from imgsig.layouts import Fetch

#: Queries sent before the measured ones, to load caches and compile hot code.
WARM_UP = 20

#: Queries whose hits are turned into distances at a time: many, for few calls of the codec.
BATCH = 10

#: Scores are 32-bit floats, which hold all whole numbers below this.
EXACT = 2**24

_DTYPES = {
    "query": np.int64,
    "rank": np.int32,
    "doc": np.int64,
    "score": np.int32,
    "distance": np.float64,
}


def search_body(
    variant: Variant,
    signature: NDArray[np.int8],
    *,
    size: int = 100,
    minimum_should_match: int | None = None,
    fetch: Fetch | Sequence[Fetch] = "signature",
    weights: NDArray[np.int32] | None = None,
    num_candidates: int | None = None,
    second_key: bool = True,
    terms_set: bool = False,
    narrowed_by: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Arguments of the client's ``search`` for one signature, ``int8[length]``.

    With `weights`, ``int32[N]``, each word scores its own whole number instead of 1: the boost of
    its clause, which needs no similarity of the field's. `num_candidates` is how many vectors a
    graph is searched for on each shard, of which `size` are returned. Without `second_key` hits are
    ranked by score alone, as image-match asks: among equal scores in no foreseeable order, which
    lets the engine skip documents that cannot enter the answer any more. With `terms_set`
    words are asked for as one set in place of a clause each; scores are the same. Only documents
    are searched that the query clause `narrowed_by` matches.

    https://www.elastic.co/docs/reference/query-languages/query-dsl/query-dsl-terms-set-query
    https://www.elastic.co/docs/reference/query-languages/query-dsl/query-dsl-knn-query
    """
    layout, scheme = variant.identity.layout, variant.scheme
    if minimum_should_match is not None:
        if not layout.matcher.takes_least:
            raise ExperimentError(
                f"minimum_should_match is of words; layout {variant.layout!r} searches none"
            )
        if not 1 <= minimum_should_match <= scheme.N:
            raise ExperimentError(
                f"minimum_should_match is 1 to N = {scheme.N}, not {minimum_should_match}"
            )
    parts = (fetch,) if isinstance(fetch, str) else tuple(fetch)
    if parts == ("signature",) and not variant.stores_signature:
        parts = ("id",)
    try:
        body = request_body(
            variant.identity, signature, size=size, least=minimum_should_match, fetch=parts
        )
    except ConfigError as error:
        raise ExperimentError(str(error)) from error
    if weights is not None:
        body["query"] = _weighted(body["query"], weights)
    if num_candidates is not None:
        body["query"] = _among(body["query"], num_candidates, size)
    if terms_set:
        body["query"] = _as_set(variant, body["query"], minimum_should_match or 1)
    if narrowed_by is not None:
        body["query"] = narrowed(body["query"], narrowed_by)
    if not second_key:
        del body["sort"]
    # As the client names its arguments.
    return {"index": variant.index_name, "source": body.pop("_source"), **body, **WHOLE}


def _weighted(query: dict[str, Any], weights: NDArray[np.int32]) -> dict[str, Any]:
    """The query for words, each with its weight as boost."""
    if not weights.sum(dtype=np.int64) < EXACT:
        raise ExperimentError(
            f"weights that sum to {weights.sum(dtype=np.int64):,} are not exact in a score, which "
            f"holds whole numbers below {EXACT:,}; use a smaller unit"
        )
    clauses = [
        {"term": {name: {"value": value, "boost": weight}}}
        for clause, weight in zip(query["bool"]["should"], weights.tolist(), strict=True)
        for name, value in clause["term"].items()
    ]
    return {"bool": {**query["bool"], "should": clauses}}


def is_set(variant: Variant) -> bool:
    """Whether all words are in one field, so that they can be asked for as a set."""
    matcher = variant.identity.layout.matcher
    return matcher.counts_words and "*" not in matcher.pattern


def _as_set(variant: Variant, query: dict[str, Any], least: int) -> dict[str, Any]:
    """The query for words as one set."""
    if not is_set(variant):
        raise ExperimentError(
            f"terms_set is of words in one field; layout {variant.layout!r} has none such"
        )
    terms = [value for one in query["bool"]["should"] for value in one["term"].values()]
    (name,) = {name for one in query["bool"]["should"] for name in one["term"]}
    return {"terms_set": {name: {"terms": terms, "minimum_should_match": str(least)}}}


def search_together(client: Client, bodies: Sequence[dict[str, Any]]) -> Any:
    """Send several searches in one request; the first one's answer, with what all took."""
    lines: list[dict[str, Any]] = []
    for body in bodies:
        own = {key: value for key, value in body.items() if key not in ("index", "source", *WHOLE)}
        lines += [{"index": body["index"], **WHOLE}, {"_source": body["source"], **own}]
    answer = client.msearch(searches=lines)
    for body, one in zip(bodies, answer["responses"], strict=True):
        if one.get("error"):
            raise MeasurementError(f"a search of {body['index']!r} failed: {one['error']}")
        whole(one, f"a search of {body['index']!r}")
    return {**answer["responses"][0], "took": answer["took"]}


def _among(query: dict[str, Any], num_candidates: int, size: int) -> dict[str, Any]:
    """The query for the nearest vectors among so many candidates."""
    if "knn" not in query:
        raise ExperimentError("num_candidates is of vectors; the layout searches none")
    if num_candidates < size:
        raise ExperimentError(f"{num_candidates} candidates are fewer than the {size} hits asked")
    return {"knn": {**query["knn"], "num_candidates": num_candidates}}


def search_all(
    client: Client,
    variant: Variant,
    queries: NDArray[np.int64],
    signatures: NDArray[np.int8],
    *,
    size: int = 100,
    advance: Callable[[int], object] = lambda done: None,
    minimum_should_match: int | None = None,
    fetch: Fetch = "signature",
    weights: NDArray[np.int32] | None = None,
    clients: int = 1,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Search for each signature, ``int8[m, length]`` of the numbered queries.

    `weights` are those of each query's words, ``int32[m, N]``, see `search_body`. With more than
    one of `clients`, so many searches are under way at a time: the hits are the same, and come
    sooner; the times are those of searches that wait for each other.

    Returns the candidates, one row a query and hit in the engine's order: ``query, rank, doc,
    score, distance`` (NaN where no signature is stored or fetched). And timings, one row a query:
    ``query, took_ms`` (the engine's own) and ``latency_ms`` (the client's, hits parsed, distances
    not yet computed). Warm; orientation, not a benchmark.
    """

    def body_of(place: int) -> dict[str, Any]:
        return search_body(
            variant,
            signatures[place],
            size=size,
            minimum_should_match=minimum_should_match,
            fetch=fetch,
            weights=None if weights is None else weights[place],
        )

    def answer_to(place: int) -> tuple[Any, float]:
        return retried(partial(timed_search, client, body_of(place)))

    for place in range(min(WARM_UP, len(signatures))):
        retried(partial(send_search, client, body_of(place)))
    wanted = fetch == "signature" and variant.stores_signature
    distances = HitDistances(variant.identity) if wanted else None
    candidates: list[pd.DataFrame] = []
    timings: list[tuple[int, int, float]] = []
    with ThreadPoolExecutor(clients) as threads:
        for first in range(0, len(queries), BATCH):
            batch = slice(first, first + BATCH)
            found: list[list[Any]] = []
            answers = threads.map(answer_to, range(len(queries))[batch])
            for query, (answer, latency) in zip(queries[batch].tolist(), answers, strict=True):
                timings.append((query, answer["took"], latency))
                found.append(answer["hits"]["hits"])
                advance(1)
            hits = pd.DataFrame(
                {
                    "query": np.repeat(queries[batch], list(map(len, found))),
                    "rank": [rank for own in found for rank in range(len(own))],
                    "doc": [int(hit["_id"]) for own in found for hit in own],
                    "score": hit_scores(variant, found),
                    "distance": (
                        np.concatenate(distances.of(found, signatures[batch]))
                        if distances
                        else np.nan
                    ),
                }
            )
            candidates.append(hits.astype(_DTYPES))
    return (
        pd.concat(candidates, ignore_index=True),
        pd.DataFrame(timings, columns=["query", "took_ms", "latency_ms"]),
    )


def send_search(client: Client, body: dict[str, Any]) -> Any:
    """Return the answer of all shards, or raise `MeasurementError`."""
    return whole(client.search(**body), f"a search of {body['index']!r}")


def timed_search(client: Client, body: dict[str, Any]) -> tuple[Any, float]:
    """The answer, and the client's milliseconds: of the attempt that was answered alone."""
    begun = time.perf_counter()
    answer = send_search(client, body)
    return answer, (time.perf_counter() - begun) * 1000


def hit_scores(variant: Variant, found: list[list[Any]]) -> NDArray[np.int64]:
    """Scores of the hits of several answers, one after the other, as the whole numbers they are."""
    try:
        return whole_scores(variant.identity, found)
    except ScoreError as error:
        raise MeasurementError(f"index {variant.index_name!r} gives {error}") from error
