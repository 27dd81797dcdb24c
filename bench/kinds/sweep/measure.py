"""Measure a sweep: sign, simulate all, confirm a sample live, model sizes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd

from bench.disk.guard import DiskGuard
from bench.engine import Engine
from bench.engine.client import Client
from bench.index.storage import forgotten_if_wrong
from bench.index.variant import Variant, parameters, scheme_variant
from bench.kinds.base import Outcome
from bench.kinds.sweep.config import DROP, Sweep
from bench.kinds.sweep.grid import SchemeGrid, check_sample, expand, sampled
from bench.kinds.sweep.simulate import evaluation_settings, read_simulated, simulate_all
from bench.kinds.sweep.tables import make_tables
from bench.kinds.sweep.word_tables import word_tables
from bench.kinds.under_way import RunUnderWay
from bench.kinds.variant_state import VariantState, drop, settled_groups
from bench.runs.folder import read_json, write_json
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import signed_rows
from bench.search.search import search_all
from bench.search.verification import compare_hits
from bench.signing.sign import Signed
from imgsig import WordScheme

Advance = Callable[[int], object]


@dataclass(frozen=True)
class LiveScheme:
    """A scheme that is indexed in a layout."""

    name: str
    scheme: WordScheme
    state: VariantState

    @classmethod
    def of(cls, name: str, variant: Variant, work: Path, run: str) -> Self:
        """The scheme of a variant; its state is kept in the folder of the unfinished run."""
        state = VariantState(variant, work / "live" / variant.index_name, run)
        return cls(name, variant.scheme, state)

    @property
    def _confirmed(self) -> Path:
        return self.state.folder / "confirmed.json"

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left that needs the index."""
        return self.state.is_measured and self._confirmed.is_file()

    def confirm(
        self,
        client: Client,
        signed: Signed,
        simulator: Simulator,
        size: int,
        advance: Advance,
    ) -> None:
        """Search for every query and compare every hit with the predicted ones, unless done."""
        rows = signed_rows(signed)
        if self._confirmed.is_file():
            advance(len(rows))
            return
        numbers = signed.queries["query"].to_numpy()[rows]
        signatures = signed.query_signatures[rows]
        found, timings = search_all(
            client, self.state.variant, numbers, signatures, size=size, advance=advance, fetch="id"
        )
        hits = simulator.search(self.scheme, size)
        predicted = pd.DataFrame(
            {"query": numbers[hits.query], "rank": hits.rank, "doc": hits.doc, "score": hits.score}
        )
        with forgotten_if_wrong(self.state.folder):
            compare_hits(self.state.variant.index_name, found, predicted)
        medians = {name: float(timings[name].median()) for name in ("took_ms", "latency_ms")}
        write_json(self._confirmed, {"queries": len(rows), "hits": len(found), **medians})

    def row(self) -> dict[str, Any]:
        """What was confirmed and measured, as a row of the table ``confirmed``.

        ``took_ms`` and ``latency_ms`` are medians: the engine's own time and the client's.
        """
        size = self.state.storage.size
        return {
            "variant": self.name,
            **parameters(self.scheme),
            "layout": self.state.variant.layout,
            "codec": self.state.variant.codec["id"],
            "index": self.state.variant.index_name,
            "documents": size.documents,
            **read_json(self._confirmed),
            "store_bytes": size.store_bytes,
            "bytes_per_document": size.bytes_per_document,
        }


def measure_sweep(sweep: Sweep, run: RunUnderWay) -> Outcome:
    """Simulate all schemes and confirm a sample."""
    grid = expand(sweep)
    check_sample(sweep, grid)
    signed = run.sign(sweep.dataset, searches=True)
    with run.watch.time("simulate"):
        simulate_all(
            grid.schemes, sweep, run.work, run.bar("Simulating schemes", len(grid.schemes))
        )
    with run.watch.time("words"):
        words = word_tables(signed, grid.reference, evaluation_settings(sweep))
    live = _live_schemes(sweep, grid, run)

    def work(engine: Engine, guard: DiskGuard) -> None:
        _confirm(engine, sweep, live, signed, run, guard)

    unfinished = not all(one.is_finished for one in live)
    run.on_engine(work, unfinished=unfinished, keep=sweep.live.keep, drop=DROP)
    tables, size_models = make_tables(
        sweep, grid, read_simulated(grid.schemes, run.work), [one.row() for one in live]
    )
    tables |= words
    facts = {
        "schemes": len(grid.schemes),
        "left_out": len(grid.left_out),
        "verified_hits": int(tables["confirmed"]["hits"].sum()),
        "size_models": size_models,
    }
    return Outcome(signed.description, tables, facts)


def _live_schemes(sweep: Sweep, grid: SchemeGrid, run: RunUnderWay) -> list[LiveScheme]:
    """The samples, and the reference with a signature where distance ranks."""
    variants = sampled(sweep, grid)
    if "distance" in sweep.rankings:
        codec = sweep.live.signature.model_dump()
        layout = sweep.live.samples[0].layout
        variants.append((grid.required[0], scheme_variant(grid.reference, layout, codec)))
    return [LiveScheme.of(name, one, run.work, run.owner) for name, one in variants]


def _confirm(
    engine: Engine,
    sweep: Sweep,
    live: list[LiveScheme],
    signed: Signed,
    run: RunUnderWay,
    guard: DiskGuard,
) -> None:
    """Build, settle and confirm as many at a time as the disk takes."""
    client, keep, documents = engine.client, sweep.live.keep, len(signed.database)
    for one in live:
        if one.state.is_measured:
            guard.learn(one.state.variant, one.state.storage)
        if one.is_finished and not keep:
            drop(client, one.state)
    waiting = [one for one in live if not one.is_finished]
    rows = signed_rows(signed)
    simulator = Simulator(signed.database, signed.query_signatures[rows])
    indexing = run.bar("Indexing a sample", len(waiting) * documents)
    settling = run.bar("Settling and measuring storage", len(waiting))
    confirming = run.bar("Confirming every hit", len(waiting) * len(rows))
    states = [one.state for one in waiting]
    for places in settled_groups(client, states, signed, guard, run.watch, indexing, settling):
        with run.watch.time("confirm"):
            for one in waiting[places]:
                one.confirm(client, signed, simulator, sweep.search.size, confirming)
        for one in () if keep else waiting[places]:
            drop(client, one.state)
