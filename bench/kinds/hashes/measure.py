"""Measure a hash run: sign, hash, search without an engine and on one, time, compare."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial

import pandas as pd

from bench.disk.guard import DiskGuard
from bench.engine import Engine
from bench.evaluate.judge import check_halves
from bench.kinds.base import Outcome
from bench.kinds.beside import asked_rows, search_times
from bench.kinds.hashes.config import Hashes
from bench.kinds.hashes.contenders import contenders, missing
from bench.kinds.hashes.hashing import OWN_TOOL, Hashing, Pool
from bench.kinds.hashes.perception import closest, photographs, recall_table
from bench.kinds.hashes.tables import hash_times, questions
from bench.kinds.judged import quality_tables
from bench.kinds.live import LiveIndex, confirm_all, time_in_turn
from bench.kinds.under_way import RunUnderWay
from bench.kinds.variant_state import VariantState
from bench.peers.environment import describe_peers
from bench.peers.hashes import Hash, get_hash
from bench.runs.folder import write_parquet
from bench.search.exact.answers import Answers, hits_table
from bench.search.verification import HIT
from datasets import Collection


def measure_hashes(config: Hashes, run: RunUnderWay) -> Outcome:
    """Hash what was signed, confirm every list on an engine, time searches in turn, compare."""
    peers = describe_peers()
    left_out = missing(config, peers)
    every = contenders(config, left_out)
    photos = None if config.perception is None else photographs(config.perception)
    signed = run.sign(config.dataset, searches=True)
    check_halves(signed.queries)
    hashes = [get_hash(one.name) for one in every if one.name in config.hashes]
    hashing = Hashing(config.dataset, signed)
    with ExitStack() as stack:
        pool = Pool(stack)
        with run.watch.time("hash"):
            bar = run.bar("Hashing photographs", len(hashing.jobs))
            hashed = hashing.hash_all(pool, hashes, run.work / "hashed", bar)
        perceived = None if photos is None else _perceived(*photos, hashes, pool, run)
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
    numbers = signed.queries["query"].to_numpy()
    live = [
        LiveIndex(
            VariantState(one.variant, run.work / "live" / one.variant.index_name, run.owner),
            owned[one.name],
            numbers[answers.rows],
            owned[one.name].query_signatures[answers.rows],
            hits[one.name].assign(query=numbers[hits[one.name]["row"]])[HIT],
        )
        for one in every
    ]
    times = run.work / "searches.parquet"
    asked = [int(answers.rows[at]) for at in asked_rows(len(answers.rows), config.timed.searches)]
    bodies = {one.name: partial(one.body, owned[one.name], config.search.size) for one in every}

    def work(engine: Engine, guard: DiskGuard) -> None:
        confirm_all(engine.client, live, config.search.size, run, guard)
        time_in_turn(engine.client, bodies, asked, times, run)

    unfinished = not (all(one.is_finished for one in live) and times.is_file())
    run.on_engine(work, unfinished=unfinished)
    with run.watch.time("evaluate"):
        names = {one.name: [each.name for each in one.scorings] for one in every}
        tables = quality_tables(questions(config, signed.queries), hits, names)
    raw = {"hash_samples": pd.read_parquet(samples), "searches": pd.read_parquet(times)}
    tables |= {
        "indices": pd.DataFrame(
            [one.row() | own.sizes() for one, own in zip(every, live, strict=True)]
        ),
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
    collection: Collection, photos: list[str], hashes: Sequence[Hash], pool: Pool, run: RunUnderWay
) -> pd.DataFrame:
    """The table ``perception_distances``."""
    path = run.work / "perception.parquet"
    if not path.is_file():
        with run.watch.time("perception"):
            bar = run.bar("Hashing for perception-v0", len(photos))
            write_parquet(path, closest(pool, collection, photos, hashes, bar))
    return pd.read_parquet(path)
