"""Measure an engine run: each engine by itself, then each beside the first; keep what is done."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.cost.indexing import time_batches
from bench.cost.load import run_load
from bench.cost.searching import timed_search
from bench.cost.settings import Condition
from bench.disk.guard import DiskGuard
from bench.engine import Engine
from bench.engine.client import Client
from bench.engine.folder import discard
from bench.kinds.base import Outcome
from bench.kinds.engines.config import Engines
from bench.kinds.engines.part import EnginePart
from bench.kinds.engines.tables import measured_tables, summaries
from bench.kinds.under_way import RunUnderWay
from bench.kinds.variant_state import Advance, VariantState, build, measure, search
from bench.runs.errors import ExperimentError, IndexStateError
from bench.runs.folder import write_parquet
from bench.search.search import search_all
from bench.signing.sign import Signed
from datasets.cache import cache_dir


def measure_engines(config: Engines, run: RunUnderWay) -> Outcome:
    """Measure on every engine what an earlier start has not."""
    signed = run.sign(config.dataset, searches=True)
    queries = np.flatnonzero(signed.queries["status"] == "ok")
    if not queries.size:
        raise IndexStateError("no query could be signed; see the table of queries for the reasons")
    variants = config.expand()
    parts = [EnginePart(one, run.place(one), variants, run.owner) for one in config.distributions]
    indices, pairs = len(parts) * len(variants), (len(parts) - 1) * len(variants)
    timed = 4 * config.search.timed + 2 * (config.indexing.batches + 1)
    of_run = _EnginesRun(
        config,
        run,
        signed,
        queries,
        loaded=run.bar("Indexing", indices * len(signed.database)),
        settled=run.bar("Settling and measuring storage", indices),
        searched=run.bar("Searching", indices * len(queries)),
        timed=run.bar("Timing engines in pairs", pairs * timed),
    )
    first, *others = parts
    of_run.measure_alone(first, is_first=True)
    for other in others:
        of_run.measure_alone(other)
        of_run.time_beside(first, other)
        discard(other.place / "engine", cache_dir())
    discard(first.place / "engine", cache_dir())
    with run.watch.time("evaluate"):
        raw = measured_tables(parts, len(signed.database), len(queries))
        tables = summaries(raw, config.bootstrap) | raw
    return Outcome(
        signed.description, tables, facts={"engines": [part.description for part in parts]}
    )


@dataclass(frozen=True)
class _EnginesRun:
    """A run of several engines; `queries` are the rows of those that could be signed."""

    config: Engines
    run: RunUnderWay
    signed: Signed
    queries: NDArray[np.int64]
    loaded: Advance
    settled: Advance
    searched: Advance
    timed: Advance

    def measure_alone(self, part: EnginePart, *, is_first: bool = False) -> None:
        """Build, settle, measure and search every variant that the engine can hold."""

        def work(engine: Engine, guard: DiskGuard) -> None:
            lacks = part.ask(engine.client)
            if is_first and lacks:
                said = "; ".join(f"{name} needs {what}" for name, what in lacks.items())
                raise ExperimentError(
                    f"engines: the others are compared with {part.title}, which cannot hold every "
                    f"index ({said}). Leave those out, or name first an engine that can"
                )
            self._prepare(part, engine.client, guard)
            with self.run.watch.time(f"search {part.title}"):
                for state in part.states:
                    self._search(engine.client, state, is_first)

        self.run.on_engine(work, unfinished=not part.is_finished, distribution=part.distribution)

    def time_beside(self, first: EnginePart, other: EnginePart) -> None:
        """Time an engine beside the first, both started anew."""

        def beside(engine: Engine, guard: DiskGuard) -> None:
            def work(engine_of_first: Engine, guard_of_first: DiskGuard) -> None:
                # Nothing, unless somebody has deleted an index since.
                again = replace(self, loaded=_unseen, settled=_unseen)
                again._prepare(first, engine_of_first.client, guard_of_first)
                again._prepare(other, engine.client, guard)
                with self.run.watch.time(f"time {other.title}"):
                    self._time(
                        other, {first.title: engine_of_first.client, other.title: engine.client}
                    )

            self.run.on_engine(work, unfinished=True, distribution=first.distribution)

        unfinished = not other.is_timed
        self.run.on_engine(beside, unfinished=unfinished, distribution=other.distribution)

    def _prepare(self, part: EnginePart, client: Client, guard: DiskGuard) -> None:
        """Have every index there, settled and measured."""
        states = part.states
        for state in states:
            if state.is_measured:
                guard.learn(state.variant, state.storage)
        plans = [one.planned(len(self.signed.database)) for one in states]
        new = [one for one, state in zip(plans, states, strict=True) if not state.has_index]
        guard.check_all(new)
        with self.run.watch.time(f"index {part.title}"):
            for number, state in enumerate(states):
                if not state.has_index:
                    guard.check(plans[number], plans[:number])
                build(client, state, self.signed, self.loaded)
        with self.run.watch.time(f"settle {part.title}"):
            for state in states:
                guard.learn(state.variant, measure(client, state, self.signed))
                self.settled(1)

    def _search(self, client: Client, state: VariantState, is_first: bool) -> None:
        """Search for every query, unless that is done.

        The first engine's hits must be those computed without it. Others may have other hits: how
        many is what is asked.
        """
        size = self.config.search.size
        if is_first or state.is_searched:
            search(client, state, self.signed, size, self.searched)
            return
        found, _ = search_all(
            client,
            state.variant,
            self.signed.queries["query"].to_numpy()[self.queries],
            self.signed.query_signatures[self.queries],
            size=size,
            advance=self.searched,
        )
        write_parquet(state.folder / "candidates.parquet", found)

    def _time(self, other: EnginePart, clients: dict[str, Client]) -> None:
        """Time searches and bulk requests of every index that both engines hold, in turn."""
        seed, rows = self.config.bootstrap.seed, self.config.search.timed
        order = np.random.default_rng(seed).permutation(self.queries)
        asked = np.resize(order, rows).tolist()
        for state in other.states:
            path = other.timed_path(state.variant, "searches")
            if path.is_file():
                self.timed(4 * rows)
                continue
            sends = {
                title: timed_search(
                    client,
                    state.variant,
                    self.signed.query_signatures,
                    Condition(),
                    self.config.search.size,
                )
                for title, client in clients.items()
            }
            run_load(sends, asked, advance=self.timed)  # off the record
            samples = run_load(sends, asked, advance=self.timed).samples
            samples["row"] = self.signed.queries["query"].to_numpy()[samples["row"]]
            named = {"variant": "measured", "row": "query"}
            write_parquet(path, samples.rename(columns=named))
        titles = list(clients)
        for state in other.states:
            path = other.timed_path(state.variant, "batches")
            if path.is_file():
                self.timed(2 * (self.config.indexing.batches + 1))
                continue
            targets = [(client, state.variant) for client in clients.values()]
            times = time_batches(targets, self.signed, self.config.indexing, other.run, self.timed)
            measured = [titles[place] for place in times["variant"]]
            write_parquet(path, times.drop(columns="variant").assign(measured=measured))


def _unseen(done: int) -> None:
    """Progress that was shown before."""
