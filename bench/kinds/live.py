"""Indices that are built, settled and searched: every hit as it was computed without an engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.disk.guard import DiskGuard
from bench.engine.client import Client
from bench.index.storage import forgotten_if_wrong
from bench.kinds.beside import Body, alternate
from bench.kinds.under_way import RunUnderWay
from bench.kinds.variant_state import CLIENTS, Advance, Loadable, VariantState, build, measure
from bench.runs.folder import read_json, write_json, write_parquet
from bench.search.search import search_all
from bench.search.verification import compare_hits


@dataclass(frozen=True)
class LiveIndex:
    """An index, and what searches of it must find.

    `numbers` tell searches apart, ``int64[m]``, for `signatures`, ``int8[m, length]``; `expected`
    are their hits, with columns ``query`` (of the numbers), ``rank``, ``doc`` and ``score``.
    """

    state: VariantState
    holds: Loadable
    numbers: NDArray[np.int64]
    signatures: NDArray[np.int8]
    expected: pd.DataFrame

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do on it alone."""
        return self.state.is_measured and self._confirmed.is_file()

    @property
    def _confirmed(self) -> Path:
        return self.state.folder / "confirmed.json"

    def confirm(self, client: Client, size: int, advance: Advance) -> None:
        """Compare every hit with the one computed without the engine, unless done."""
        if self._confirmed.is_file():
            advance(len(self.numbers))
            return
        found, _ = search_all(
            client,
            self.state.variant,
            self.numbers,
            self.signatures,
            size=size,
            advance=advance,
            fetch="id",
            clients=CLIENTS,
        )
        with forgotten_if_wrong(self.state.folder):
            compare_hits(self.state.variant.index_name, found, self.expected)
        write_json(self._confirmed, {"hits": len(found)})

    def sizes(self) -> dict[str, Any]:
        """Columns of a row: what it is, what it takes, and how many hits were confirmed."""
        storage, variant = self.state.storage, self.state.variant
        return {
            "index": variant.index_name,
            "config": variant.key,
            "layout": variant.layout,
            "N": variant.N,
            "documents": storage.size.documents,
            "store_bytes": storage.size.store_bytes,
            "bytes_per_document": storage.size.bytes_per_document,
            "loaded_store_bytes": storage.loaded.store_bytes,
            "verified_hits": read_json(self._confirmed)["hits"],
        }


def confirm_all(
    client: Client, live: Sequence[LiveIndex], size: int, run: RunUnderWay, guard: DiskGuard
) -> None:
    """Build and settle every index, and confirm all of its hits."""
    plans = [one.state.planned(len(one.holds.database)) for one in live]
    new = []
    for one, plan in zip(live, plans, strict=True):
        if one.state.is_measured:
            guard.learn(one.state.variant, one.state.storage)
        if not one.state.has_index:
            new.append(plan)
    guard.check_all(new)
    indexing = run.bar("Indexing", sum(plan.documents for plan in plans))
    settling = run.bar("Settling and measuring storage", len(live))
    confirming = run.bar("Confirming every hit", sum(len(one.numbers) for one in live))
    with run.watch.time("index"):
        for number, one in enumerate(live):
            if not one.state.has_index:
                guard.check(plans[number], plans[:number])
            build(client, one.state, one.holds, indexing)
    with run.watch.time("settle"):
        for one in live:
            guard.learn(one.state.variant, measure(client, one.state, one.holds))
            settling(1)
    with run.watch.time("confirm"):
        for one in live:
            one.confirm(client, size, confirming)


def time_in_turn(
    client: Client,
    bodies: Mapping[str, Callable[[int], Body]],
    rows: list[int],
    path: Path,
    run: RunUnderWay,
) -> None:
    """Time searches of all indices in turn, and keep the samples, unless done."""
    if not path.is_file():
        timing = run.bar("Timing searches in turn", len(bodies) * len(rows))
        with run.watch.time("time"):
            write_parquet(path, alternate(client, bodies, rows, timing).samples)
