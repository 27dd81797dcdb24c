"""Measure a hash run: sign, hash, search without an engine and on one, time, compare."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from bench.disk.guard import DiskGuard, Planned
from bench.engine import Engine
from bench.engine.client import Client
from bench.index.storage import forgotten_if_wrong
from bench.kinds.base import Outcome
from bench.kinds.beside import alternate, asked_rows
from bench.kinds.hashes.config import Hashes
from bench.kinds.hashes.contenders import Contender, contenders
from bench.kinds.hashes.hashing import OWN_TOOL, Hashing, Pool
from bench.kinds.hashes.perception import closest, photographs, recall_table
from bench.kinds.hashes.quality import quality_tables
from bench.kinds.hashes.tables import hash_times, search_times
from bench.kinds.under_way import RunUnderWay
from bench.kinds.variant_state import CLIENTS, Advance, VariantState, build, measure
from bench.peers.environment import describe_peers
from bench.peers.hashes import Hash, get_hash
from bench.runs.folder import read_json, write_json, write_parquet
from bench.search.exact.answers import Answers, hits_table
from bench.search.search import search_all, search_body
from bench.search.verification import compare_hits
from bench.signing.sign import Signed


@dataclass(frozen=True)
class LiveIndex:
    """The index of a contender: built, measured, and searched for every query."""

    contender: Contender
    state: VariantState
    signed: Signed

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do on it alone."""
        return self.state.is_measured and self._confirmed.is_file()

    @property
    def _confirmed(self) -> Path:
        return self.state.folder / "confirmed.json"

    def confirm(
        self, client: Client, hits: pd.DataFrame, rows: Any, size: int, advance: Advance
    ) -> None:
        """Compare every hit with the one computed without the engine, unless done."""
        if self._confirmed.is_file():
            advance(len(rows))
            return
        variant, numbers = self.state.variant, self.signed.queries["query"].to_numpy()
        found, _ = search_all(
            client,
            variant,
            numbers[rows],
            self.signed.query_signatures[rows],
            size=size,
            advance=advance,
            fetch="id",
            clients=CLIENTS,
        )
        expected = hits.assign(query=numbers[hits["row"]])[["query", "rank", "doc", "score"]]
        with forgotten_if_wrong(self.state.folder):
            compare_hits(variant.index_name, found, expected)
        write_json(self._confirmed, {"hits": len(found)})

    def body(self, size: int, row: int) -> dict[str, Any]:
        """The search that is timed, for the query of a row."""
        asked = self.signed.query_signatures[row]
        return search_body(self.state.variant, asked, size=size, fetch=self.contender.fetch)

    def row(self) -> dict[str, Any]:
        """A row of the table ``indices``."""
        storage, variant = self.state.storage, self.state.variant
        return {
            "source": self.contender.name,
            "bits": self.contender.bits,
            "package": self.contender.package,
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


def measure_hashes(config: Hashes, run: RunUnderWay) -> Outcome:
    """Hash what was signed, confirm every list on an engine, time searches in turn, compare."""
    peers = describe_peers()
    left_out = [one.name for one in config.chosen() if one.package not in peers["packages"]]
    every = contenders(config, left_out)
    signed = run.sign(config.dataset, searches=True)
    hashes = [get_hash(one.name) for one in every if one.name in config.hashes]
    hashing = Hashing(config.dataset, signed)
    with ExitStack() as stack:
        pool = Pool(stack)
        with run.watch.time("hash"):
            bar = run.bar("Hashing photographs", len(hashing.jobs))
            hashed = hashing.hash_all(pool, hashes, run.work / "hashed", bar)
        perceived = _perceived(config, hashes, pool, run)
    samples = run.work / "hash_samples.parquet"
    if not samples.is_file():
        tools = {every[0].name: OWN_TOOL} | {one.name: one.tool for one in hashes}
        with run.watch.time("clock"):
            bar = run.bar("Timing hashes", config.timed.pictures + 1)
            write_parquet(samples, hashing.time(tools, config.timed.pictures, bar))
    answers = Answers(signed, config.search.size)
    owned = {one.name: one.signed(signed, hashed) for one in every}
    with run.watch.time("list"):
        hits = {one.name: one.hits(answers, owned[one.name]) for one in every}
    live = [
        LiveIndex(
            one,
            VariantState(one.variant, run.work / "live" / one.variant.index_name, run.owner),
            owned[one.name],
        )
        for one in every
    ]
    times = run.work / "searches.parquet"
    work = partial(_on_engine, config, live, answers, hits, times, run)
    unfinished = not (all(one.is_finished for one in live) and times.is_file())
    run.on_engine(work, unfinished=unfinished)
    with run.watch.time("evaluate"):
        names = {one.name: [each.name for each in one.scorings] for one in every}
        tables = quality_tables(config, signed.queries, hits, names)
    raw = {"hash_samples": pd.read_parquet(samples), "searches": pd.read_parquet(times)}
    tables |= {
        "indices": pd.DataFrame([one.row() for one in live]),
        "hash_times": hash_times(raw["hash_samples"]),
        "search_times": search_times(raw["searches"], config.evaluation),
        "queries": signed.queries,
        "hits": hits_table(hits),
        **raw,
    }
    if perceived is not None:
        tables |= {"perception": recall_table(perceived), "perception_distances": perceived}
    verified = int(tables["indices"]["verified_hits"].sum())
    facts = {"verified_hits": verified, "peers": peers, "left_out": left_out}
    return Outcome(signed.description, tables, facts=facts)


def _perceived(
    config: Hashes, hashes: Sequence[Hash], pool: Pool, run: RunUnderWay
) -> pd.DataFrame | None:
    """The table ``perception_distances``, if it is asked for."""
    if config.perception is None:
        return None
    path = run.work / "perception.parquet"
    if not path.is_file():
        with run.watch.time("perception"):
            photos = photographs(config.perception)
            bar = run.bar("Hashing for perception-v0", len(photos[1]))
            write_parquet(path, closest(pool, *photos, hashes, bar))
    return pd.read_parquet(path)


def _on_engine(
    config: Hashes,
    live: Sequence[LiveIndex],
    answers: Answers,
    hits: Mapping[str, pd.DataFrame],
    times: Path,
    run: RunUnderWay,
    engine: Engine,
    guard: DiskGuard,
) -> None:
    """Build, settle and search every index, then time searches of all in turn."""
    client, rows = engine.client, answers.rows
    plans = [Planned(one.state.variant, len(one.signed.database)) for one in live]
    new = []
    for one, plan in zip(live, plans, strict=True):
        if one.state.is_measured:
            guard.learn(one.state.variant, one.state.storage)
        if not one.state.has_index:
            new.append(plan)
    guard.check_all(new)
    indexing = run.bar("Indexing", sum(plan.documents for plan in plans))
    settling = run.bar("Settling and measuring storage", len(live))
    confirming = run.bar("Confirming every hit", len(live) * len(rows))
    with run.watch.time("index"):
        for number, one in enumerate(live):
            if not one.state.has_index:
                guard.check(plans[number], plans[:number])
            build(client, one.state, one.signed, indexing)
    with run.watch.time("settle"):
        for one in live:
            guard.learn(one.state.variant, measure(client, one.state, one.signed))
            settling(1)
    with run.watch.time("confirm"):
        for one in live:
            one.confirm(client, hits[one.contender.name], rows, config.search.size, confirming)
    if not times.is_file():
        asked = [int(rows[row]) for row in asked_rows(len(rows), config.timed.searches)]
        timing = run.bar("Timing searches in turn", len(live) * len(asked))
        with run.watch.time("time"):
            bodies = {one.contender.name: partial(one.body, config.search.size) for one in live}
            write_parquet(times, alternate(client, bodies, asked, timing).samples)
