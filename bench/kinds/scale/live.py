"""Hits of all indices of one size beside those computed without an engine, and what they take.

``live_searches``
    One row a size, index, number of candidates and query: of the ``wanted`` hits of an exact search
    of the whole stream, how many were ``found``, and whether a right answer is among the hits
    (``right_found``). Exact indices have 0 candidates, and their hits are those very documents with
    those very scores, or the run ends. Where words narrow bits there is also a row for each least
    number of ``filtering_words``, 0 for none; wanted are then the best of the documents that share
    so many words with the query.
``live``
    What that comes to, with times: all requests alternate, each hit is fetched by its id alone.
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
from bench.kinds.scale.quality import filtering_words, narrowed_source
from bench.kinds.scale.sizes import SizedIndex
from bench.runs.check import Check, agree
from bench.runs.errors import WrongIndexError
from bench.search.exact.stream import Best
from bench.search.exact.truth import IGNORED, RIGHT, Truth, signed_rows
from bench.search.search import WARM_UP, _timed_search, _whole_scores, search_body
from bench.search.verification import as_good, compare_hits
from bench.signing.sign import Signed

#: What tells requests of an index apart; the last is only there where it is varied.
REQUEST = ["documents", "variant", "num_candidates", "filtering_words"]


class Request(NamedTuple):
    """How an index is asked: among how many candidates, 0 for all, and for how many words."""

    job: SizedIndex
    num_candidates: int = 0
    filtering_words: int = 0

    @property
    def source(self) -> str:
        """Name of the exact answers that its hits are compared with."""
        return narrowed_source(self.job.state.variant, self.filtering_words)


def requests_of(jobs: Sequence[SizedIndex], quality: Quality) -> list[Request]:
    """All requests of a size, an index after the other."""
    found = []
    for job in jobs:
        matcher = job.state.variant.identity.layout.matcher
        counts = [0] if matcher.exact else quality.num_candidates
        found += [Request(job, count) for count in counts]
        words = filtering_words(job.state.variant, quality)
        found += [Request(job, filtering_words=least) for least in words]
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
    found = []
    for number, place in enumerate([*asked[:WARM_UP].tolist(), *asked.tolist()]):
        turn = number % len(requests)
        for request in requests[turn:] + requests[:turn]:
            with forgotten_if_wrong(request.job.state.folder):
                told = _asked(client, request, signed, int(rows[place]), int(place), truth, answers)
            if number >= min(WARM_UP, len(asked)):
                found.append(told)
        if number >= min(WARM_UP, len(asked)):
            advance(len(jobs))
    table = pd.DataFrame(found)
    if not quality.filtering_words:
        table = table.drop(columns="filtering_words")
    order = [*(name for name in REQUEST if name in table), "query"]
    return table.sort_values(order, kind="stable", ignore_index=True)


def _asked(
    client: Client,
    request: Request,
    signed: Signed,
    row: int,
    place: int,
    truth: Truth,
    answers: Mapping[str, Best],
) -> dict[str, Any]:
    """Send one request and compare its hits; `place` of the query among the signed ones."""
    best, variant = answers[request.source], request.job.state.variant
    body = search_body(
        variant,
        signed.query_signatures[row],
        size=best.docs.shape[1],
        fetch="id",
        num_candidates=request.num_candidates or None,
        minimum_should_match=request.filtering_words or None,
    )
    answer, latency = _timed_search(client, body)
    hits = answer["hits"]["hits"]
    docs = np.array([int(hit["_id"]) for hit in hits], dtype=np.int64)
    scores = _whole_scores(variant, [hits])
    wanted = int(best.found[place])
    known = best.docs[place, :wanted], best.scores[place, :wanted].astype(np.int64)
    query = int(signed.queries["query"].to_numpy()[row])
    _check_hits(variant, query, (docs, scores), known)
    codes = truth.of(np.full(len(docs), place, dtype=np.int64), docs)
    counted = codes[codes != IGNORED]
    return {
        "documents": request.job.documents,
        "variant": request.job.variant,
        "num_candidates": request.num_candidates,
        "filtering_words": request.filtering_words,
        "query": query,
        "took_ms": float(answer["took"]),
        "latency_ms": latency,
        "wanted": wanted,
        "found": as_good(scores, known[1]),
        "first_is_right": bool(len(counted) and counted[0] == RIGHT),
        "right_found": bool((counted == RIGHT).any()),
    }


Hits = tuple[Any, Any]


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

    That is of its scan of all documents, which no words narrow.
    """
    quality = scale.quality or Quality()
    sources = {one.index_name: source_of(one) for one in scale.expand()}
    exact = [one for one in scale.expand() if one.identity.layout.matcher.exact]
    has_answer = queries.set_index("query")["in_database"]
    request = [name for name in REQUEST if name in searches]
    by_request: dict[Any, pd.DataFrame] = dict(iter(searches.groupby(request, sort=False)))
    rows = []
    for key, own in by_request.items():
        documents, variant = key[:2]
        flat = next((one for one in exact if source_of(one) == sources[variant]), None)
        scan = None if flat is None else (documents, flat.index_name, *(0 for _ in request[2:]))
        ratio = (float("nan"),) * 3
        latency = own["latency_ms"].to_numpy(np.float64)
        if scan is not None and scan != key:
            of_flat = by_request[scan]["latency_ms"].to_numpy(np.float64)
            options = {"resamples": quality.resamples, "confidence": quality.confidence}
            ratio = median_ratio(latency, of_flat, seed=quality.seed, **options)  # type: ignore[arg-type]
        answerable = own[has_answer[own["query"]].to_numpy(dtype=np.bool_)]
        row = {
            **dict(zip(request, key, strict=True)),
            "queries": len(own),
            "hits": int(own["found"].sum()),
            "recall": own["found"].sum() / max(own["wanted"].sum(), 1),
            RECALL_AT_1.name: float(answerable["first_is_right"].mean()),
            "took_mean": float(own["took_ms"].mean()),
            "took_p50": supported_percentile(own["took_ms"].to_numpy(np.float64), 50),
            "latency_p50": supported_percentile(latency, 50),
            "latency_p95": supported_percentile(latency, 95),
            "ratio_to_exact": ratio[0],
            "ratio_low": ratio[1],
            "ratio_high": ratio[2],
        }
        if "right_found" in own:  # runs of before did not tell
            row["candidate_recall"] = float(answerable["right_found"].mean())
        rows.append(row)
    return pd.DataFrame(rows)


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
    if "filtering_words" in searches:
        of_query = exact.sort_values("filtering_words").groupby(["documents", "variant", "query"])
        if (of_query["wanted"].diff() > 0).any():
            problems.append("more documents share more words with a query")
    yield agree("live hits are those computed without an engine", problems, f"{len(exact)} answers")
