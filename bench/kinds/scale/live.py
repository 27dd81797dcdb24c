"""Hits of all indices of one size beside those computed without an engine, and what they take.

``live_searches``
    One row a size, index, number of candidates and query: of the ``wanted`` hits of an exact search
    of the whole stream, how many were ``found``, and whether a right answer is among the hits
    (``right_found``). Exact indices have 0 candidates, and their hits are those very documents with
    those very scores, or the run ends. Where words narrow bits there is also a row for each least
    number of ``filtering_words``, 0 for none; wanted are then the best of the documents that share
    so many words with the query. Where a filter keeps a share of the documents there is one for
    each ``filtered_share``, 1 for none; wanted are the best of that share.
``live``
    What that comes to, with times: all requests alternate, each hit is fetched by its id alone.
    ``ratio_to_unfiltered`` is of the medians to the same request of all documents.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from bench.cost.percentiles import median_ratio, supported_percentile
from bench.engine.client import Client
from bench.evaluate.measures import RECALL_AT_1
from bench.index.storage import forgotten_if_wrong
from bench.index.variant import Variant, source_of
from bench.kinds.scale.config import Quality, Scale
from bench.kinds.scale.kept import Kept, kept_documents
from bench.kinds.scale.quality import filtering_words, narrowed_source
from bench.kinds.scale.sizes import SizedIndex
from bench.runs.check import Check, agree
from bench.runs.errors import WrongIndexError
from bench.search.exact.stream import Best
from bench.search.exact.truth import IGNORED, RIGHT, Truth, signed_rows
from bench.search.search import WARM_UP, hit_scores, search_body, timed_search
from bench.search.verification import as_good, compare_hits
from bench.signing.sign import Signed

#: What a request has that does without a filter; columns only where it is varied.
UNFILTERED = {"filtering_words": 0, "filtered_share": 1.0}
#: What tells requests of an index apart.
REQUEST = ["documents", "variant", "num_candidates", *UNFILTERED]


class Request(NamedTuple):
    """How an index is asked: among how many candidates, 0 for all, and with which filter."""

    job: SizedIndex
    num_candidates: int = 0
    filtering_words: int = 0
    filtered_share: float = 1.0

    @property
    def source(self) -> str:
        """Name of the exact answers that its hits are compared with."""
        return narrowed_source(self.job.state.variant, self.filtering_words, self.filtered_share)


def requests_of(jobs: Sequence[SizedIndex], quality: Quality) -> list[Request]:
    """All requests of a size, an index after the other."""
    found = []
    for job in jobs:
        matcher = job.state.variant.identity.layout.matcher
        counts = [0] if matcher.exact else quality.num_candidates
        unfiltered = [Request(job, count) for count in counts]
        found += unfiltered
        words = filtering_words(job.state.variant, quality)
        found += [Request(job, filtering_words=least) for least in words]
        for share in quality.filtered_shares:
            found += [one._replace(filtered_share=share) for one in unfiltered]
    return found


def compare_live(
    client: Client,
    jobs: Sequence[SizedIndex],
    quality: Quality,
    signed: Signed,
    truth: Truth,
    answers: Mapping[str, Best],
    advance: Callable[[int], object],
) -> pd.DataFrame:
    """Rows of ``live_searches`` of one size; answers are those of the size, by source."""
    rows = signed_rows(signed)
    asked = np.random.default_rng(quality.seed).permutation(len(rows))[: quality.live]
    requests = requests_of(jobs, quality)
    real, size = len(signed.database), jobs[0].documents
    kept = {
        share: kept_documents(signed.paths, real, size, share) for share in quality.filtered_shares
    }
    found = []
    for number, place in enumerate([*asked[:WARM_UP].tolist(), *asked.tolist()]):
        turn = number % len(requests)
        for request in requests[turn:] + requests[:turn]:
            with forgotten_if_wrong(request.job.state.folder):
                of = answers[request.source], kept.get(request.filtered_share)
                told = _asked(client, request, signed, int(rows[place]), int(place), truth, *of)
            if number >= min(WARM_UP, len(asked)):
                found.append(told)
        if number >= min(WARM_UP, len(asked)):
            advance(len(jobs))
    table = pd.DataFrame(found)
    varied = {"filtering_words": quality.filtering_words, "filtered_share": kept}
    table = table.drop(columns=[name for name, values in varied.items() if not values])
    order = [*(name for name in REQUEST if name in table), "query"]
    return table.sort_values(order, kind="stable", ignore_index=True)


def _asked(
    client: Client,
    request: Request,
    signed: Signed,
    row: int,
    place: int,
    truth: Truth,
    best: Best,
    kept: Kept | None,
) -> dict[str, Any]:
    """Send one request and compare its hits; `place` of the query among the signed ones."""
    variant = request.job.state.variant
    body = search_body(
        variant,
        signed.query_signatures[row],
        size=best.docs.shape[1],
        fetch="id",
        num_candidates=request.num_candidates or None,
        minimum_should_match=request.filtering_words or None,
        narrowed_by=None if kept is None else kept.clause(variant.identity.layout),
    )
    answer, latency = timed_search(client, body)
    hits = answer["hits"]["hits"]
    docs = np.array([int(hit["_id"]) for hit in hits], dtype=np.int64)
    scores = hit_scores(variant, [hits])
    wanted = int(best.found[place])
    known = best.docs[place, :wanted], best.scores[place, :wanted].astype(np.int64)
    query = int(signed.queries["query"].to_numpy()[row])
    _check_hits(variant, query, (docs, scores), known)
    if kept is not None and not np.isin(docs, kept.docs).all():
        raise WrongIndexError(
            f"index {variant.index_name!r}, query {query}: a document was found that the filter "
            "does not keep; run again to rebuild the index, and report it if it stays"
        )
    codes = truth.of(np.full(len(docs), place, dtype=np.int64), docs)
    counted = codes[codes != IGNORED]
    return {
        "documents": request.job.documents,
        "variant": request.job.variant,
        "num_candidates": request.num_candidates,
        "filtering_words": request.filtering_words,
        "filtered_share": request.filtered_share,
        "query": query,
        "took_ms": float(answer["took"]),
        "latency_ms": latency,
        "wanted": wanted,
        "found": as_good(scores, known[1]),
        "first_is_right": bool(len(counted) and counted[0] == RIGHT),
        "right_found": bool((counted == RIGHT).any()),
    }


Hits = tuple[Any, Any]
_TO_EXACT = ("ratio_to_exact", "ratio_low", "ratio_high")
_TO_UNFILTERED = ("ratio_to_unfiltered", "unfiltered_low", "unfiltered_high")


def _check_hits(variant: Variant, query: int, got: Hits, known: Hits) -> None:
    """Whether hits are the exact ones; of a graph, whether none is better scored than it should be.

    Of a graph's hits those among the exact ones must have their scores, and all others none that
    would have made them one of these.
    """
    if not variant.identity.layout.matcher.exact:
        score_of = dict(zip(known[0].tolist(), known[1].tolist(), strict=True))
        worst = min(score_of.values(), default=0)
        for doc, score in zip(got[0].tolist(), got[1].tolist(), strict=True):
            if score != score_of.get(doc, min(score, worst)):
                raise WrongIndexError(
                    f"index {variant.index_name!r}, query {query}: document {doc} has score "
                    f"{score}, which is not what its signature gives; run again to rebuild the "
                    "index, and report it if it stays"
                )
        return
    both = [
        pd.DataFrame({"query": query, "rank": np.arange(len(docs)), "doc": docs, "score": scores})
        for docs, scores in (got, known)
    ]
    compare_hits(variant.index_name, *both)


def live_table(scale: Scale, searches: pd.DataFrame, queries: pd.DataFrame) -> pd.DataFrame:
    """The table ``live``, from the raw one; ratios are to the first exact index of the source.

    That is of its scan of all documents, without a filter.
    """
    quality = scale.quality or Quality()
    sources = {one.index_name: source_of(one) for one in scale.expand()}
    exact = [one for one in scale.expand() if one.identity.layout.matcher.exact]
    has_answer = queries.set_index("query")["in_database"]
    request = [name for name in REQUEST if name in searches]
    by_request: dict[Any, pd.DataFrame] = dict(iter(searches.groupby(request, sort=False)))
    rows = []
    for key, own in by_request.items():
        named = dict(zip(request, key, strict=True))
        unfiltered = named | {name: UNFILTERED[name] for name in named.keys() & UNFILTERED.keys()}
        flat = next((one for one in exact if source_of(one) == sources[named["variant"]]), None)
        scan = None
        if flat is not None:
            scan = unfiltered | {"variant": flat.index_name, "num_candidates": 0}
        latency = own["latency_ms"].to_numpy(np.float64)
        answerable = own[has_answer[own["query"]].to_numpy(dtype=np.bool_)]
        row = {
            **named,
            "queries": len(own),
            "hits": int(own["found"].sum()),
            "recall": own["found"].sum() / max(own["wanted"].sum(), 1),
            RECALL_AT_1.name: float(answerable["first_is_right"].mean()),
            "took_mean": float(own["took_ms"].mean()),
            "took_p50": supported_percentile(own["took_ms"].to_numpy(np.float64), 50),
            "latency_p50": supported_percentile(latency, 50),
            "latency_p95": supported_percentile(latency, 95),
        }
        compared = {_TO_EXACT: scan}
        if named.keys() & UNFILTERED.keys():
            compared[_TO_UNFILTERED] = unfiltered
        for names, other in compared.items():
            of = None if other in (None, named) else by_request[tuple(other.values())]
            row |= dict(zip(names, _ratio(quality, own, of), strict=True))
        if "right_found" in own:  # runs of before did not tell
            row["candidate_recall"] = float(answerable["right_found"].mean())
        rows.append(row)
    return pd.DataFrame(rows)


def _ratio(
    quality: Quality, own: pd.DataFrame, other: pd.DataFrame | None
) -> tuple[float, float, float]:
    """Ratio of the medians of the same queries with its interval; NaN where there is no other."""
    if other is None:
        return (float("nan"),) * 3
    latencies = (each["latency_ms"].to_numpy(np.float64) for each in (own, other))
    options: Any = {"resamples": quality.resamples, "confidence": quality.confidence}
    return median_ratio(*latencies, seed=quality.seed, **options)


def check_live(tables: Mapping[str, pd.DataFrame]) -> Iterator[Check]:
    """Whether exact indices found all there was, and every request was sent once a query."""
    searches = tables["live_searches"]
    exact = searches[searches["num_candidates"] == 0]
    few = exact[exact["found"] != exact["wanted"]]
    problems = [
        f"{row.variant} at {row.documents:,} documents, query {row.query}: hits are missing"
        for row in few.itertuples()
    ]
    request = [name for name in REQUEST if name in searches]
    asked = len(searches.drop_duplicates(request)) * searches["query"].nunique()
    if len(searches) != asked or searches.duplicated([*request, "query"]).any():
        problems.append("not every request was sent once for each query")
    if "filtering_words" in exact:
        whole = exact[exact["filtered_share"] == 1] if "filtered_share" in exact else exact
        of_query = whole.sort_values("filtering_words").groupby(["documents", "variant", "query"])
        if (of_query["wanted"].diff() > 0).any():
            problems.append("more documents share more words with a query")
    yield agree("live hits are those computed without an engine", problems, f"{len(exact)} answers")
