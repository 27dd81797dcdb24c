"""Measure a node run: answers without an engine, indices on several nodes, and the loss of one."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pandas as pd

from bench.disk.guard import DiskGuard
from bench.engine import Engine
from bench.engine.client import Client
from bench.index.moves import in_place
from bench.index.storage import forgotten_if_wrong
from bench.kinds.base import Outcome
from bench.kinds.nodes.arrangements import (
    ALIKE,
    COPIED,
    SHARDED,
    SpreadIndex,
    plan_indices,
)
from bench.kinds.nodes.config import Nodes
from bench.kinds.nodes.copies import (
    LOST,
    SETTLED,
    check_settled,
    index_row,
    read_copies,
    sizes_table,
)
from bench.kinds.nodes.exact import answer, confirm
from bench.kinds.nodes.losing import (
    Asked,
    ask,
    delay_copies,
    find_victim,
    first_node,
    hits_of,
    lose_node,
    since,
)
from bench.kinds.nodes.recovery import gone_table, outcomes_table, recovery_table, refuse_different
from bench.kinds.nodes.searching import search_alike, searches_table
from bench.kinds.synthetic.documents import Documents, Held
from bench.kinds.synthetic.prepare import TABLES, with_synthetic
from bench.kinds.under_way import RunUnderWay
from bench.runs.errors import WrongIndexError
from bench.runs.folder import read_json, write_json, write_parquet
from bench.search.exact.stream import Best
from bench.search.exact.truth import signed_rows
from bench.search.search import search_body
from bench.signing.sign import Signed

#: Tables that a run keeps in its work until it is whole.
SEARCHED, LOSS = ("answers", "samples"), ("left", "health", "lost")


def measure_nodes(config: Nodes, run: RunUnderWay) -> Outcome:
    """Spread each variant, search it, lose a node; what an earlier start has done is kept."""
    signed = run.sign(config.dataset, searches=True)
    documents = Documents(signed.database, config.documents)
    if drawing := config.documents > len(signed.database):
        with run.watch.time("synthetic"):
            scheme = config.expand()[0].scheme
            documents = with_synthetic(signed, config.synthetic, scheme, config.documents, run.work)
    with run.watch.time("answer"):
        best = answer(config, signed, documents, run.work, run.bar("Answering", config.documents))
    on_nodes = _OnNodes(config, run, signed, documents, best)
    run.on_engine(
        on_nodes.work,
        unfinished=not on_nodes.is_done(LOSS),
        shards=config.shards,
    )
    try:
        refuse_different(on_nodes.read("lost"))
    except WrongIndexError:
        on_nodes.forget(LOSS)
        raise
    with run.watch.time("evaluate"):
        tables = on_nodes.tables()
    if drawing:
        tables |= {name: pd.read_parquet(run.work / f"{name}.parquet") for name in TABLES}
    facts = {
        "verified_hits": read_json(run.work / "confirmed.json")["hits"],
        "synthetic": max(config.documents - len(signed.database), 0),
        "lost_node": read_json(run.work / "lost_node.json")["name"],
    }
    return Outcome(signed.description, tables, facts=facts)


class _OnNodes:
    """What is done on the nodes, stage by stage, as files below the run's work."""

    def __init__(
        self,
        config: Nodes,
        run: RunUnderWay,
        signed: Signed,
        documents: Documents,
        best: dict[str, Best],
    ) -> None:
        self._config, self._run, self._signed = config, run, signed
        self._documents, self._best = documents, best
        self.indices = plan_indices(config, run.work, run.owner)

    def is_done(self, names: Sequence[str]) -> bool:
        """Whether all tables of a stage are there; the last is written last."""
        return all(self._path(name).is_file() for name in names)

    def read(self, name: str) -> pd.DataFrame:
        """A table of a stage that is done."""
        return pd.read_parquet(self._path(name))

    def forget(self, names: Sequence[str]) -> None:
        """Have a stage done again."""
        for name in names:
            self._path(name).unlink(missing_ok=True)

    def work(self, engine: Engine, guard: DiskGuard) -> None:
        """Whatever is not done yet. A node is lost last: nothing else is done without it."""
        if self.is_done(LOSS):
            return
        client = engine.client
        alike = [one for one in self.indices if one.arrangement in ALIKE]
        spread = [one for one in self.indices if one.arrangement in (SHARDED, COPIED)]
        searched = self.is_done(SEARCHED)
        self._ready(client, spread if searched else self.indices, guard)
        if not searched:
            with self._run.watch.time("search"):
                self._search(client, alike)
        with self._run.watch.time("lose"):
            self._lose(engine, spread)

    def _ready(self, client: Client, indices: Sequence[SpreadIndex], guard: DiskGuard) -> None:
        """Build, settle and measure indices, as far as they are not."""
        plans = [one.state.planned(one.documents, 1 + one.replicas) for one in indices]
        guard.check_all(
            [plan for plan, one in zip(plans, indices, strict=True) if not one.state.has_index]
        )
        loaded = self._run.bar("Indexing", sum(one.documents for one in indices))
        settled = self._run.bar("Settling and measuring storage", len(indices))
        with self._run.watch.time("index"):
            for number, one in enumerate(indices):
                if not one.state.has_index:
                    guard.check(plans[number], plans[:number])
                one.ready(client, self._held(one), loaded)
        with self._run.watch.time("settle"):
            for one in indices:
                self._measure(client, one, guard)
                settled(1)

    def _held(self, index: SpreadIndex) -> Held:
        return Held(self._documents.first(index.documents), self._signed.paths)

    def _measure(self, client: Client, index: SpreadIndex, guard: DiskGuard) -> None:
        """Settle an index and read its shards, unless that was done since it was built."""
        shards, row = index.state.folder / "shards.parquet", index.state.folder / "index.json"
        if not index.state.is_measured:
            row.unlink(missing_ok=True)
        guard.learn(index.state.variant, index.settled(client, self._held(index)))
        if not row.is_file():
            copies, sizes = in_place(
                client,
                index.name,
                lambda: (read_copies(client, index, SETTLED), index_row(client, index)),
            )
            with forgotten_if_wrong(index.state.folder):
                check_settled(index.name, copies)
            write_parquet(shards, copies)
            write_json(row, sizes)

    def _search(self, client: Client, alike: Sequence[SpreadIndex]) -> None:
        """Search all that must answer alike, and compare every hit with the exact ones."""
        config, signed = self._config, self._signed
        bar = self._run.bar("Searching in turn", len(alike) * len(signed_rows(signed)))
        answers, samples = search_alike(client, alike, signed, config.search.size, bar)
        hits = 0
        for variant in config.expand():
            name = variant.index_name
            own = answers[answers["variant"] == name]
            folders = [one.state.folder for one in alike if one.variant == name]
            with ExitStack() as all_forgotten:
                for folder in folders:
                    all_forgotten.enter_context(forgotten_if_wrong(folder))
                hits += confirm(variant, own, self._best[name], signed, self._documents)
        write_json(self._run.work / "confirmed.json", {"hits": hits})
        write_parquet(self._path("answers"), answers)
        write_parquet(self._path("samples"), samples)

    def _lose(self, engine: Engine, spread: Sequence[SpreadIndex]) -> None:
        """Kill a node under searches, then see what is left."""
        loss, names = self._config.loss, [one.name for one in spread]
        copied = [one for one in spread if one.arrangement == COPIED]
        sharded = [one for one in spread if one.arrangement == SHARDED]
        with first_node(engine) as asking, first_node(engine) as looking:
            delay_copies(asking, names, loss.delayed)
            victim = find_victim(asking)
            write_json(self._run.work / "lost_node.json", {"name": victim.name})
            asked, watched = self._asked(copied), [one.name for one in copied]
            lost, health, killed = lose_node(asking, looking, victim, asked, watched, loss)
            refused = [
                ask(asking, one)
                for index in sharded
                for one in self._asked([index])[: loss.refused]
            ]
            left = [read_copies(looking, one, LOST) for one in spread]
        lost = pd.concat([lost, since(pd.DataFrame(refused), killed)], ignore_index=True)
        write_parquet(self._path("left"), pd.concat(left, ignore_index=True))
        write_parquet(self._path("health"), health)
        write_parquet(self._path("lost"), lost)

    def _asked(self, indices: Sequence[SpreadIndex]) -> list[Asked]:
        """All searches, those of a query one after the other, with the hits they had."""
        answers, size = self.read("answers"), self._config.search.size
        numbers = self._signed.queries["query"].to_numpy()
        of_index = answers.groupby(["variant", "arrangement"])
        hits = {
            one.name: hits_of(of_index.get_group((one.variant, one.arrangement))) for one in indices
        }
        found = []
        for row in signed_rows(self._signed).tolist():
            for one in indices:
                signature = self._signed.query_signatures[row]
                body = search_body(one.state.variant, signature, size=size, fetch="id")
                query = int(numbers[row])
                had = hits[one.name].get(query, ([], []))
                named = one.state.variant, one.variant, one.arrangement
                found.append(Asked(*named, query, body, had))
        return found

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables, once everything is done."""
        raw = {name: self.read(name) for name in (*SEARCHED, "health", "lost")}
        folders = [one.state.folder for one in self.indices]
        settled = [pd.read_parquet(folder / "shards.parquet") for folder in folders]
        raw["indices"] = pd.DataFrame([read_json(folder / "index.json") for folder in folders])
        raw["shards"] = pd.concat([*settled, self.read("left")], ignore_index=True)
        raw["queries"] = self._signed.queries
        return raw | derived_tables(self._config, raw)

    def _path(self, name: str) -> Path:
        return self._run.work / "nodes" / f"{name}.parquet"


def derived_tables(config: Nodes, raw: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables that follow from the raw ones."""
    recovery = recovery_table(raw["indices"], raw["health"], raw["shards"])
    return {
        "sizes": sizes_table(raw["indices"], raw["shards"]),
        "searches": searches_table(raw["samples"], config.evaluation),
        "recovery": recovery,
        "outcomes": outcomes_table(raw["lost"], recovery),
        "gone": gone_table(raw["indices"], raw["shards"]),
    }
