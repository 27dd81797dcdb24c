"""Measure a scoring run: sign, search without an engine, confirm on one, compare."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import pandas as pd

from bench.disk.guard import DiskGuard
from bench.engine import Engine
from bench.engine.client import Client
from bench.evaluate.judge import check_halves
from bench.index.storage import forgotten_if_wrong
from bench.index.variant import Variant
from bench.kinds.base import Outcome
from bench.kinds.scoring.bits import bit_tables
from bench.kinds.scoring.calibration import calibration_tables
from bench.kinds.scoring.choice import recommended
from bench.kinds.scoring.clusters import cluster_tables
from bench.kinds.scoring.config import Scoring
from bench.kinds.scoring.filtered import filter_table, filtered_sources, time_filters
from bench.kinds.scoring.fusion import fused_answers
from bench.kinds.scoring.graph import graph_tables, measure_graphs
from bench.kinds.scoring.graph import is_measured as graphs_are_measured
from bench.kinds.scoring.lists import (
    Searches,
    Source,
    all_sources,
    learned_table,
    scoring_names,
    scorings_of,
    sources_of,
)
from bench.kinds.scoring.plain import plain_table
from bench.kinds.scoring.quality import quality_tables
from bench.kinds.scoring.sizes import cutoffs_by_size
from bench.kinds.under_way import RunUnderWay
from bench.kinds.variant_state import VariantState, settled_groups
from bench.runs.errors import WrongIndexError
from bench.runs.folder import read_json, write_json, write_parquet
from bench.search.exact.answers import hits_table
from bench.search.search import search_all, search_body, send_search
from bench.search.verification import compare_hits
from bench.signing.sign import Signed
from imgsig.layouts import Fetch

Advance = Callable[[int], object]

#: Queries of which the length of the answer is taken.
ANSWERS = 50


@dataclass(frozen=True)
class LiveIndex:
    """An index that is built, searched in each way it can be, and measured."""

    variant: Variant
    state: VariantState
    sources: list[Source]

    @classmethod
    def of(cls, variant: Variant, work: Path, run: str, config: Scoring) -> "LiveIndex":
        """The index of a variant; its state is kept in the folder of the unfinished run."""
        state = VariantState(variant, work / "live" / variant.index_name, run)
        filtered = filtered_sources(variant, config.filters)
        return cls(variant, state, [*sources_of(variant, config.learned), *filtered])

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left that needs the index."""
        confirmed = all(self._confirmed(source).is_file() for source in self.sources)
        timed = not self.filtered or self._filter_times.is_file()
        return self.state.is_measured and confirmed and timed

    @property
    def filtered(self) -> list[Source]:
        """Its lists of documents that share a number of words."""
        return [source for source in self.sources if source.least]

    def _confirmed(self, source: Source) -> Path:
        least = f"-{source.least}" if source.least else ""
        return self.state.folder / f"confirmed-{source.by}{least}.json"

    @property
    def _filter_times(self) -> Path:
        return self.state.folder / "filter_searches.parquet"

    def filter_times(self) -> pd.DataFrame:
        """Rows of ``filter_searches``."""
        return pd.read_parquet(self._filter_times)

    def confirm(
        self, client: Client, signed: Signed, searches: Searches, size: int, advance: Advance
    ) -> None:
        """Compare every hit of every list with the one computed without the engine, unless done."""
        rows = searches.rows
        numbers = signed.queries["query"].to_numpy()[rows]
        signatures = signed.query_signatures[rows]
        for source in self.sources:
            path = self._confirmed(source)
            if path.is_file():
                advance(len(rows))
                continue
            weighed = source.by not in ("count", "hamming")
            fetch: Fetch = "signature"
            if weighed or source.least or not self.variant.stores_signature:
                fetch = "id"
            answers = [
                search_all(
                    client,
                    one.variant,
                    numbers,
                    signatures,
                    size=size,
                    minimum_should_match=one.least or None,
                    fetch=fetch,
                    weights=None if one.by in ("count", "hamming") else searches.weights(one),
                )
                for one in source.parts or (source,)
            ]
            advance(len(rows))
            found, timings = answers[0]
            if source.parts:
                found, timings = fused_answers(answers, len(signed.database), size)
            expected = searches.list(source, [] if weighed else scorings_of(source))
            expected = expected.assign(query=signed.queries["query"].to_numpy()[expected["row"]])
            with forgotten_if_wrong(self.state.folder):
                compare_hits(
                    self.variant.index_name,
                    found,
                    expected[["query", "rank", "doc", "score"]],
                )
                self._compare_distances(found, expected)
            medians = {name: float(timings[name].median()) for name in ("took_ms", "latency_ms")}
            fetched = {
                "path": self._answer_bytes(client, source, signatures, size, ("path",)),
                "signature": self._answer_bytes(
                    client, source, signatures, size, ("signature", "path")
                )
                if self.variant.stores_signature
                else float("nan"),
            }
            lengths = {name: None if np.isnan(one) else one for name, one in fetched.items()}
            write_json(path, {"queries": len(rows), "hits": len(found), **medians, **lengths})
        if self.filtered and not self._filter_times.is_file():
            times = time_filters(client, self.filtered, searches, numbers, size)
            write_parquet(self._filter_times, times)

    def _compare_distances(self, found: pd.DataFrame, expected: pd.DataFrame) -> None:
        """Whether distances of what is stored are those computed from what was signed."""
        if found["distance"].isna().all() or "distance" not in expected:
            return
        own = found.sort_values(["query", "rank"])["distance"].to_numpy(np.float32)
        apart = own != expected.sort_values(["query", "rank"])["distance"].to_numpy()
        if apart.any():
            raise WrongIndexError(
                f"index {self.variant.index_name!r}: {int(apart.sum()):,} of {len(own):,} distances"
                " are not those of the signatures that were signed; run again to rebuild the index"
            )

    def _answer_bytes(
        self,
        client: Client,
        source: Source,
        signatures: Any,
        size: int,
        fetch: tuple[Fetch, ...],
    ) -> float:
        """Mean length of an answer, or of all that are joined, as JSON without blanks."""
        if source.parts:
            return sum(
                self._answer_bytes(client, one, signatures, size, fetch) for one in source.parts
            )
        lengths = []
        for signature in signatures[:ANSWERS]:
            least = source.least or None
            body = search_body(
                source.variant, signature, size=size, fetch=fetch, minimum_should_match=least
            )
            told = dict(send_search(client, body))
            lengths.append(len(json.dumps(told, separators=(",", ":"), ensure_ascii=False)))
        return fmean(lengths)

    def row(self) -> dict[str, Any]:
        """A row of the table ``indices``."""
        storage = self.state.storage
        return {
            "index": self.variant.index_name,
            "config": self.variant.key,
            "layout": self.variant.layout,
            "codec": self.variant.codec["id"],
            "N": self.variant.N,
            "k": self.variant.k,
            "documents": storage.size.documents,
            "store_bytes": storage.size.store_bytes,
            "bytes_per_document": storage.size.bytes_per_document,
            "loaded_store_bytes": storage.loaded.store_bytes,
            "verified_hits": sum(
                read_json(self._confirmed(source))["hits"] for source in self.sources
            ),
        }

    def systems(self) -> list[dict[str, Any]]:
        """Rows of the table ``systems``: what each scoring of this index costs."""
        rows = []
        for source in self.sources:
            told = read_json(self._confirmed(source))
            for scoring in scorings_of(source):
                fetched = told["path" if scoring.value == "score" else "signature"]
                rows.append(
                    {
                        "index": self.variant.index_name,
                        "scoring": scoring.name,
                        "source": source.name,
                        "bytes_per_document": self.state.storage.size.bytes_per_document,
                        "fetched_bytes": fetched,
                        "took_ms": told["took_ms"],
                        "latency_ms": told["latency_ms"],
                        "verified_hits": told["hits"],
                    }
                )
        return rows


def measure_scoring(config: Scoring, run: RunUnderWay) -> Outcome:
    """Search in every way without an engine, confirm what is live, and compare."""
    signed = run.sign(config.dataset, searches=True)
    check_halves(signed.queries, 2)  # the covariance of bits is one of pairs
    size = config.search.size
    live = [LiveIndex.of(variant, run.work, run.owner, config) for variant in config.expand()]

    def work(engine: Engine, guard: DiskGuard) -> None:
        _confirm(engine, live, signed, run, guard, size)
        if config.graph is not None:
            measure_graphs(config.graph, size, engine, guard, signed, run)

    finished = all(one.is_finished for one in live)
    searched = config.graph is None or graphs_are_measured(run.work)
    run.on_engine(work, unfinished=not (finished and searched))
    sources = all_sources(config.expand(), config.learned)
    searches = Searches(signed, size)
    with run.watch.time("list"):
        hits = {name: searches.list(*source) for name, source in sources.items()}
    scorings = scoring_names(config.expand(), config.learned)
    reference = next(iter(sources))
    with run.watch.time("evaluate"):
        tables = quality_tables(config, signed.queries, hits, scorings, reference)
    with run.watch.time("bits"):
        tables |= bit_tables(config, signed, searches, hits[reference])
    with run.watch.time("plain"):
        tables["plain"] = plain_table(config, signed, searches, tables["tuned"])
    if config.clusters is not None:
        tables |= cluster_tables(config, run)
    if times := [one.filter_times() for one in live if one.filtered]:
        with run.watch.time("filter"):
            filtered = {
                source.name: searches.list(source, []) for one in live for source in one.filtered
            }
        tables["filter_searches"] = pd.concat(times, ignore_index=True)
        tables["filter_hits"] = hits_table(filtered)
        tables["filters"] = filter_table(
            config, signed.queries, hits | filtered, tables["filter_searches"], tables["tuned"]
        )
    if config.graph is not None:
        tables |= graph_tables(config, signed.queries, run.work)
    systems = pd.DataFrame([row for one in live for row in one.systems()])
    best = recommended(systems, tables["scorings"])
    with run.watch.time("calibrate"):
        tables |= calibration_tables(config, signed.queries, hits, tables["tuned"], best)
    with run.watch.time("sizes"):
        by_size = cutoffs_by_size(config, signed.queries, searches, sources, tables["tuned"])
        if len(by_size):
            tables["cutoffs_by_size"] = by_size
    tables |= {
        "indices": pd.DataFrame([one.row() for one in live]),
        "systems": systems,
        "queries": signed.queries,
        "hits": hits_table(hits),
    }
    if searches.learned:
        tables["weights"] = learned_table(searches.learned)
    verified = int(tables["indices"]["verified_hits"].sum())
    return Outcome(signed.description, tables, facts={"verified_hits": verified})


def _confirm(
    engine: Engine,
    live: Sequence[LiveIndex],
    signed: Signed,
    run: RunUnderWay,
    guard: DiskGuard,
    size: int,
) -> None:
    """Build, settle and confirm as many at a time as the disk takes."""
    client, documents = engine.client, len(signed.database)
    for one in live:
        if one.state.is_measured:
            guard.learn(one.variant, one.state.storage)
    waiting = [one for one in live if not one.is_finished]
    searches = Searches(signed, size)
    indexing = run.bar("Indexing", len(waiting) * documents)
    settling = run.bar("Settling and measuring storage", len(waiting))
    lists = sum(len(one.sources) for one in waiting)
    confirming = run.bar("Confirming every hit", lists * len(searches.rows))
    states = [one.state for one in waiting]
    for places in settled_groups(client, states, signed, guard, run.watch, indexing, settling):
        with run.watch.time("confirm"):
            for one in waiting[places]:
                one.confirm(client, signed, searches, size, confirming)
