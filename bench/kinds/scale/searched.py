"""Searches of the indices of one size, while all of them are there: what they take and find.

``search_samples``, ``search_cost``
    As of an experiment (`bench.cost.searching`), with the column ``documents``: the first variant
    of the same size is what the others are compared with.
``live_searches``
    One row a size, index, number of candidates and query: of the ``wanted`` hits of an exact search
    of the whole stream, how many were ``found``. Exact indices have 0 candidates, and their hits
    are those very documents with those very scores, or the run ends.
``live``
    What that comes to, with times: all requests alternate, each hit is fetched by its id alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.cost.percentiles import median_ratio, supported_percentile
from bench.cost.searching import join_samples, measure_condition, summarize_searches
from bench.cost.settings import Condition
from bench.engine.client import Client
from bench.evaluate.measures import RECALL_AT_1
from bench.index.storage import forgotten_if_wrong
from bench.index.variant import Variant, source_of
from bench.kinds.scale.config import Quality, Scale, SizedCost
from bench.kinds.scale.quality import stored_answers
from bench.kinds.scale.sizes import SizedIndex
from bench.runs.check import Check, agree
from bench.runs.errors import WrongIndexError
from bench.runs.folder import write_parquet
from bench.search.exact.stream import Best
from bench.search.exact.truth import IGNORED, RIGHT, Truth, signed_rows
from bench.search.search import WARM_UP, _timed_search, _whole_scores, search_body
from bench.search.verification import as_good, compare_hits
from bench.signing.sign import Signed

Advance = Callable[[int], object]


class StageSearches:
    """What is searched of each size, and what of it is done; kept below the run's work."""

    def __init__(self, scale: Scale, signed: Signed, truth: Truth, work: Path) -> None:
        self._scale, self._signed, self._truth, self._work = scale, signed, truth, work
        real = len(signed.database)
        self.timed, self.judged = scale.timed_sizes(real), scale.judged_sizes(real)

    def is_done(self, size: int) -> bool:
        """Whether nothing is left that needs the indices of a size."""
        paths = [self._live(size)] if size in self.judged else []
        if size in self.timed:
            paths += [self._cost(size, n) for n in range(len(self._conditions()))]
        return all(path.is_file() for path in paths)

    def units(self) -> int:
        """Searches in all, for a progress bar."""
        variants = len(self._scale.expand())
        timed = len(self.timed) * sum(int(searches) for _, searches in self._conditions())
        live = 0 if self._scale.quality is None else self._scale.quality.live * len(self.judged)
        return variants * (timed + live)

    def search(self, client: Client, jobs: Sequence[SizedIndex], advance: Advance) -> None:
        """Search all indices of one size, unless that is done."""
        size = jobs[0].documents
        if size in self.judged and not self._live(size).is_file():
            write_parquet(self._live(size), self._compared(client, jobs, advance))
        if size not in self.timed or self._scale.cost is None:
            return
        cost = self._scale.cost
        names = {job.state.variant.index_name: job.variant for job in jobs}
        variants = [
            job.state.variant for job in jobs if not cost.variants or job.variant in cost.variants
        ]
        if cost.variants:  # in that order: the first is what the others are compared with
            variants.sort(key=lambda one: cost.variants.index(names[one.index_name]))
        hits = 100 if self._scale.quality is None else self._scale.quality.size
        for number, (condition, searches) in enumerate(self._conditions()):
            path = self._cost(size, number)
            if not path.is_file():
                samples = measure_condition(
                    client,
                    variants,
                    self._signed,
                    condition,
                    searches,
                    cost,
                    size=hits,
                    run=jobs[0].state.run,
                )
                own = samples.assign(variant=samples["variant"].map(names), documents=size)
                write_parquet(path, own)
            advance(searches * len(variants))

    def _compared(
        self, client: Client, jobs: Sequence[SizedIndex], advance: Advance
    ) -> pd.DataFrame:
        """Rows of ``live_searches`` of one size."""
        quality = self._scale.quality
        if quality is None:
            raise ValueError("no answers were computed that hits could be compared with")
        size = jobs[0].documents
        sources = sorted({source_of(job.state.variant) for job in jobs})
        answers = stored_answers(self._work, [size], sources)
        rows = signed_rows(self._signed)
        asked = np.random.default_rng(quality.seed).permutation(len(rows))[: quality.live]
        requests = [(job, count) for job in jobs for count in _counts(job, quality)]
        found = []
        for place, row in enumerate([*asked[:WARM_UP].tolist(), *asked.tolist()]):
            turn = place % len(requests)
            for job, count in requests[turn:] + requests[:turn]:
                best = answers[size, source_of(job.state.variant)]
                with forgotten_if_wrong(job.state.folder):
                    told = self._asked(client, job, count, int(rows[row]), int(row), best)
                if place >= min(WARM_UP, len(asked)):
                    found.append(told)
            if place >= min(WARM_UP, len(asked)):
                advance(len(jobs))
        order = ["documents", "variant", "num_candidates", "query"]
        return pd.DataFrame(found).sort_values(order, kind="stable", ignore_index=True)

    def _asked(
        self, client: Client, job: SizedIndex, count: int, row: int, place: int, best: Best
    ) -> dict[str, Any]:
        """Send one request and compare its hits; `place` of the query among the signed ones."""
        variant = job.state.variant
        body = search_body(
            variant,
            self._signed.query_signatures[row],
            size=best.docs.shape[1],
            fetch="id",
            num_candidates=count or None,
        )
        answer, latency = _timed_search(client, body)
        hits = answer["hits"]["hits"]
        docs = np.array([int(hit["_id"]) for hit in hits], dtype=np.int64)
        scores = _whole_scores(variant, [hits])
        wanted = int(best.found[place])
        known = best.docs[place, :wanted], best.scores[place, :wanted].astype(np.int64)
        query = int(self._signed.queries["query"].to_numpy()[row])
        _check_hits(variant, query, (docs, scores), known)
        codes = self._truth.of(np.full(len(docs), place, dtype=np.int64), docs)
        counted = codes[codes != IGNORED]
        return {
            "documents": job.documents,
            "variant": job.variant,
            "num_candidates": count,
            "query": query,
            "took_ms": float(answer["took"]),
            "latency_ms": latency,
            "wanted": wanted,
            "found": as_good(scores, known[1]),
            "first_is_right": bool(len(counted) and counted[0] == RIGHT),
        }

    def _conditions(self) -> list[tuple[Condition, int]]:
        return [] if self._scale.cost is None else self._scale.cost.conditions()

    def _cost(self, size: int, number: int) -> Path:
        return self._work / "cost" / f"{size}-{number:02}.parquet"

    def _live(self, size: int) -> Path:
        return self._work / "live" / f"{size}.parquet"

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables, of what was searched."""
        tables: dict[str, pd.DataFrame] = {}
        if self._scale.quality is not None:
            live = pd.concat([pd.read_parquet(self._live(n)) for n in self.judged])
            tables["live_searches"] = live.reset_index(drop=True)
            tables["live"] = live_table(self._scale, tables["live_searches"], self._signed.queries)
        if self._scale.cost is not None:
            paths = [
                self._cost(size, number)
                for size in self.timed
                for number in range(len(self._conditions()))
            ]
            tables["search_samples"] = join_samples(pd.read_parquet(path) for path in paths)
            tables["search_cost"] = cost_table(tables["search_samples"], self._scale.cost)
        return tables


def _counts(job: SizedIndex, quality: Quality) -> list[int]:
    """How many candidates an index is asked for in turn; 0 where it compares with everything."""
    return [0] if job.state.variant.identity.layout.matcher.exact else quality.num_candidates


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
    """The table ``live``, from the raw one; ratios are to the first exact index of the source."""
    quality = scale.quality or Quality()
    sources = {one.index_name: source_of(one) for one in scale.expand()}
    exact = [one for one in scale.expand() if one.identity.layout.matcher.exact]
    has_answer = queries.set_index("query")["in_database"]
    request = ["documents", "variant", "num_candidates"]
    by_request: dict[Any, pd.DataFrame] = dict(iter(searches.groupby(request, sort=False)))
    rows = []
    for (documents, variant, count), own in by_request.items():
        flat = next((one for one in exact if source_of(one) == sources[variant]), None)
        ratio = (float("nan"),) * 3
        latency = own["latency_ms"].to_numpy(np.float64)
        if flat is not None and flat.index_name != variant:
            of_flat = by_request[documents, flat.index_name, 0]["latency_ms"].to_numpy(np.float64)
            options = {"resamples": quality.resamples, "confidence": quality.confidence}
            ratio = median_ratio(latency, of_flat, seed=quality.seed, **options)  # type: ignore[arg-type]
        answerable = own[has_answer[own["query"]].to_numpy(dtype=np.bool_)]
        rows.append(
            {
                "documents": documents,
                "variant": variant,
                "num_candidates": count,
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
        )
    return pd.DataFrame(rows)


def cost_table(samples: pd.DataFrame, cost: SizedCost) -> pd.DataFrame:
    """The table ``search_cost``: each size for itself."""
    return pd.concat(
        [
            summarize_searches(own, cost).assign(documents=documents)
            for documents, own in samples.groupby("documents", sort=False)
        ],
        ignore_index=True,
    )


def check_live(tables: Mapping[str, pd.DataFrame]) -> Iterator[Check]:
    """Whether exact indices found all there was, and every request was sent once a query."""
    searches = tables["live_searches"]
    exact = searches[searches["num_candidates"] == 0]
    few = exact[exact["found"] != exact["wanted"]]
    problems = [
        f"{row.variant} at {row.documents:,} documents, query {row.query}: hits are missing"
        for row in few.itertuples()
    ]
    request = ["documents", "variant", "num_candidates"]
    asked = len(searches.drop_duplicates(request)) * searches["query"].nunique()
    if len(searches) != asked or searches.duplicated([*request, "query"]).any():
        problems.append("not every request was sent once for each query")
    yield agree("live hits are those computed without an engine", problems, f"{len(exact)} answers")
