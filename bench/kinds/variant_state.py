"""The stages of one variant, each done once and remembered in the run's folder."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from bench.disk.guard import DiskGuard, Planned
from bench.engine.client import Client
from bench.index.build import Rows, create_index, delete_index, load_documents
from bench.index.loading import FILE, Loading, begun_loading, mappings_of, uuid_of
from bench.index.storage import (
    Loaded,
    Storage,
    count_documents,
    forget_index,
    forgotten_if_wrong,
    read_loaded,
    settle_and_measure,
)
from bench.index.variant import Variant
from bench.runs.errors import IndexStateError, MeasurementError, RunError
from bench.runs.folder import Stopwatch, read_json, write_json, write_parquet
from bench.search.search import search_all
from bench.search.verification import Verification, verify_candidates
from bench.signing.sign import Signed

Advance = Callable[[int], object]

#: Searches under way at a time: the engine works on one while the answer to the other is read.
CLIENTS = 2


@dataclass(frozen=True)
class VariantState:
    """What has been done for a variant, as files.

    `run` is the key of the run, by which an index is known to be ours.
    """

    variant: Variant
    folder: Path
    run: str

    @property
    def is_measured(self) -> bool:
        """Whether the storage has been measured."""
        return (self.folder / "storage.json").is_file()

    @property
    def storage(self) -> Storage:
        """The measured storage."""
        return Storage.from_json(self._read("storage", "was not measured"))

    @property
    def has_index(self) -> bool:
        """Whether the index was loaded, and not dropped since."""
        return (self.folder / "loaded.json").is_file()

    @property
    def n_loading(self) -> int:
        """How many documents of an index whose loading was interrupted are there at least."""
        path = self.folder / FILE
        return int(read_json(path)["done"]) if path.is_file() else 0

    def planned(self, documents: int, copies: int = 1) -> Planned:
        """The index with so many documents, for the guard of the disk; each copy takes as much."""
        there = documents if self.has_index else self.n_loading
        return Planned(self.variant, copies * documents, copies * there)

    @property
    def is_searched(self) -> bool:
        """Whether all queries have been searched and verified."""
        return (self.folder / "candidates.parquet").is_file()

    @property
    def verification(self) -> Verification:
        """What was compared with hits computed without the engine."""
        return Verification(
            **self._read("verification", "was searched without a check of its hits")
        )

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left that needs the index."""
        return self.is_measured and self.is_searched

    def _read(self, name: str, problem: str) -> Any:
        path = self.folder / f"{name}.json"
        if not path.is_file():
            raise RunError(f"{self.variant.index_name!r} {problem}; run again")
        return read_json(path)

    def results(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Candidates and timings."""
        return (
            pd.read_parquet(self.folder / "candidates.parquet"),
            pd.read_parquet(self.folder / "timings.parquet"),
        )


class Loadable(Protocol):
    """What an index is built of: signatures, and the paths of their documents."""

    @property
    def database(self) -> Rows:
        """Row = document number."""

    @property
    def paths(self) -> Sequence[str] | None:
        """None where they have none of their own, see `bench.index.build.with_paths`."""


def build(
    client: Client,
    state: VariantState,
    signed: Loadable,
    advance: Advance,
    *,
    shards: int = 1,
    replicas: int = 0,
) -> None:
    """Create and load the index, unless a complete one of this run is there.

    One whose loading was interrupted is loaded on, see `bench.index.loading`.
    """
    index = state.variant.index_name
    marker = state.folder / "loaded.json"
    if marker.is_file() and _is_as_loaded(client, index, read_json(marker), len(signed.database)):
        advance(len(signed.database))
        return
    path = state.folder / FILE
    loading = begun_loading(client, index, state.run, path, len(signed.database))
    if loading is None:
        # What was measured on an index that is gone would not be of the one searched next.
        forget_index(state.folder)
        create_index(client, state.variant, state.run, shards=shards, replicas=replicas)
        loading = Loading(client, index, uuid_of(client, index), path)
    else:
        advance(loading.done)

    def confirmed(documents: int) -> None:
        loading.advance(documents)
        advance(documents)

    try:
        with forgotten_if_wrong(state.folder):
            load_documents(
                client,
                state.variant,
                signed.database,
                confirmed,
                paths=signed.paths,
                begin=loading.done,
                versions=loading.versions,
            )
            loaded = read_loaded(client, index)
    except MeasurementError as error:
        _check_same_index(client, index, loading.uuid, error)
        raise
    _check_same_index(client, index, loading.uuid)
    mappings = mappings_of(client, index)
    write_json(marker, {"uuid": loading.uuid, "mappings": mappings, "loaded": loaded.to_json()})
    path.unlink(missing_ok=True)


def _check_same_index(
    client: Client, index: str, uuid: str | None, cause: Exception | None = None
) -> None:
    """An engine makes an index of its own when it is sent documents for one that is gone."""
    if uuid_of(client, index) != uuid:
        raise IndexStateError(
            f"index {index!r} was deleted while it was loaded. What has that name now is not what "
            "was asked for; delete it, and run again"
        ) from cause


def _is_as_loaded(client: Client, index: str, marker: dict[str, Any], documents: int) -> bool:
    """Whether an index is the one that was loaded, with its mapping and all its documents."""
    if marker["uuid"] != uuid_of(client, index):
        return False
    # A run that was killed while it made cold searches has left it closed.
    client.indices.open(index=index, wait_for_active_shards="1")
    mappings = mappings_of(client, index)
    count = count_documents(client, index)
    return bool(marker.get("mappings") == mappings and count == documents)


def drop(client: Client, state: VariantState) -> None:
    """Delete the index if it is of this run; what was measured of it stays."""
    delete_index(client, state.variant.index_name, state.run)
    (state.folder / "loaded.json").unlink(missing_ok=True)


def measure(client: Client, state: VariantState, signed: Loadable) -> Storage:
    """Settle the index and measure its storage, unless that is done."""
    if not state.is_measured:
        # As it was then: a settling that was interrupted may have merged it already.
        loaded = Loaded.from_json(read_json(state.folder / "loaded.json")["loaded"])
        index = state.variant.index_name
        with forgotten_if_wrong(state.folder):
            storage = settle_and_measure(client, index, len(signed.database), loaded)
        write_json(state.folder / "storage.json", storage.to_json())
    return state.storage


def settled_groups(
    client: Client,
    waiting: Sequence[VariantState],
    signed: Signed,
    guard: DiskGuard,
    watch: Stopwatch,
    indexing: Advance,
    settling: Advance,
) -> Iterator[slice]:
    """Build, settle and measure as many indices at a time as the disk takes: places of each group.

    Whoever drops a group before asking for the next makes room for it.
    """
    plans = [one.planned(len(signed.database)) for one in waiting]
    guard.check_all(
        [plan for plan, state in zip(plans, waiting, strict=True) if not state.has_index]
    )
    done = 0
    for size in guard.groups(plans):
        places = slice(done, done + size)
        group, planned = waiting[places], plans[places]
        done += size
        with watch.time("index"):
            for number, state in enumerate(group):
                if not state.has_index:
                    guard.check(planned[number], planned[:number])
                build(client, state, signed, indexing)
        with watch.time("settle"):
            for state in group:
                guard.learn(state.variant, measure(client, state, signed))
                settling(1)
        yield places


def search(
    client: Client,
    state: VariantState,
    signed: Signed,
    size: int,
    advance: Advance,
    *,
    shards: int = 1,
) -> None:
    """Search for every query and verify every hit, unless that is done."""
    queries = np.flatnonzero(signed.queries["status"] == "ok")
    if state.is_searched:
        advance(len(queries))
        return
    if not queries.size:
        raise IndexStateError("no query could be signed; see the table of queries for the reasons")
    variant = state.variant
    numbers = signed.queries["query"].to_numpy()[queries]
    signatures = signed.query_signatures[queries]
    candidates, timings = search_all(
        client, variant, numbers, signatures, size=size, advance=advance, clients=CLIENTS
    )
    with forgotten_if_wrong(state.folder):
        verified = verify_candidates(
            candidates, variant, numbers, signatures, signed.database, size=size, shards=shards
        )
    write_json(state.folder / "verification.json", verified.to_json())
    write_parquet(state.folder / "timings.parquet", timings)
    write_parquet(state.folder / "candidates.parquet", candidates)
