"""Measure a speed run: time the tools, compare signatures, search, load; keep what is done."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property, partial
from pathlib import Path

import pandas as pd

from bench.disk.guard import DiskGuard, Planned
from bench.engine import Engine
from bench.kinds.base import Outcome
from bench.kinds.speed.alternation import TimedFile, time_tools, timed_files
from bench.kinds.speed.config import BESIDE, Speed
from bench.kinds.speed.decode_effect import decode_effect, summary
from bench.kinds.speed.oracle import compare_signatures, golden_pictures, made_pictures
from bench.kinds.speed.pipeline import (
    SIGNING,
    LoadSetup,
    measure_throughput,
    summarize_stages,
    time_documents,
)
from bench.kinds.speed.quality import measure_quality, sign_whole
from bench.kinds.speed.ratios import summarize_goals
from bench.kinds.under_way import RunUnderWay
from bench.peers.environment import describe_peers
from bench.peers.session import Session, open_session
from bench.runs.errors import MeasurementError
from bench.runs.folder import read_json, write_bytes, write_json, write_parquet
from bench.signing.sign import Signed
from datasets import Collection, open_collection

#: What is timed after the goals, as the manifest's ``seconds`` names it.
STAGES = ("oracle", "effect", "quality", "signing", "documents", "load")
#: Repetitions in which the stages of signing are timed, on every photograph.
SIGNING_REPETITIONS = 2
#: Bulk requests of each variant that are timed.
BATCHES = 6


def measure_speed(speed: Speed, run: RunUnderWay) -> Outcome:
    """Time the tools, compare signatures, search, load."""
    with ExitStack() as stack:
        return _Stages(speed, run, stack).all()


def open_named(speed: Speed) -> Collection:
    """The photographs that are signed; `MeasurementError` if one that is named is not there."""
    collection = open_collection(speed.collection, ())
    photos = {photo.id for photo in collection.photographs}
    named = {picture.photo for goal in speed.goals for picture in goal.photographs}
    if unknown := sorted(named - photos):
        raise MeasurementError(f"{speed.collection} has no photograph {', '.join(unknown)}")
    return collection


class _Stages:
    """The stages, each of whose tables is kept in the run's ``work`` folder when it is done."""

    def __init__(self, speed: Speed, run: RunUnderWay, stack: ExitStack) -> None:
        self._speed, self._run, self._stack = speed, run, stack
        self._collection = open_named(speed)

    def all(self) -> Outcome:
        speed, run = self._speed, self._run
        begun = run.work / "begun.json"
        if not begun.is_file():
            write_json(begun, {"load_average": list(os.getloadavg())})
        samples = [self._timed(number) for number in range(len(speed.goals))]
        oracle = self._once("oracle", self._oracle)
        effect = self._once("effect", self._effect)
        # What whole photographs are searched among; it needs no queries.
        dataset = speed.quality.model_copy(update={"queries": 10, "transforms": "quick"})
        signed = run.sign(dataset)
        quality = self._once("quality", lambda: self._quality(signed))
        signing = self._once("signing", self._signing)
        loading = [run.work / f"{name}.parquet" for name in ("documents", "loads", "memory")]
        run.on_engine(partial(self._load, signed), unfinished=not loading[-1].is_file())
        documents, loads, memory = map(pd.read_parquet, loading)
        tables = {
            "goals": summarize_goals(speed, pd.concat(samples, ignore_index=True)),
            "samples": pd.concat(samples, ignore_index=True),
            "oracle": oracle,
            "effect": effect,
            "reductions": summary(effect),
            "quality": quality,
            "stages": summarize_stages(signing, documents),
            "signing": signing,
            "documents": documents,
            "loads": loads,
            "memory": memory,
        }
        facts = {"peers": describe_peers(), **read_json(begun)}
        return Outcome(signed.description, tables, facts)

    @cached_property
    def _session(self) -> Session:
        """The workers, started when they are first needed."""
        return self._stack.enter_context(open_session())

    def _once(self, name: str, measure: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        path = self._run.work / f"{name}.parquet"
        if not path.is_file():
            with self._run.watch.time(name):
                write_parquet(path, measure())
        return pd.read_parquet(path)

    def _timed(self, number: int) -> pd.DataFrame:
        goal = self._speed.goals[number]

        def measure() -> pd.DataFrame:
            session, pictures = self._session, self._collection.pictures()
            files = list(timed_files(goal, pictures, self._run.work / "files"))
            missing = {"PDQ"} if describe_peers()["not_compiled"] else set()
            tools = [goal.tool, *(tool for tool in BESIDE[goal.tool] if tool not in missing)]
            repetitions = self._speed.repetitions
            bar = self._run.bar(goal.title, len(tools) * len(files) * (repetitions + 1))
            return time_tools(session, tools, files, repetitions, bar).assign(goal=goal.title)

        return self._once(f"goal-{number}", measure)

    def _oracle(self) -> pd.DataFrame:
        pictures = [*golden_pictures(), *made_pictures(self._speed.oracle)]
        bar = self._run.bar("Comparing with image-match", len(pictures))
        table = compare_signatures(self._session, pictures, bar)
        wrong = table[table["different"] > 0]
        if len(wrong):
            raise MeasurementError(
                f"{len(wrong)} of {len(table)} signatures are not image-match's, the first that of "
                f"{wrong['picture'].iloc[0]}"
            )
        return table

    def _effect(self) -> pd.DataFrame:
        bar = self._run.bar("Decoding both ways", len(self._collection.photographs))
        return decode_effect(self._collection, advance=bar)

    def _quality(self, signed: Signed) -> pd.DataFrame:
        whole = sign_whole(self._speed.quality, self._run.progress)
        return measure_quality(whole, signed, self._speed.bootstrap)

    def _signing(self) -> pd.DataFrame:
        files = self._photographs()
        tools = [tool for pair in SIGNING.values() for tool in pair]
        calls = len(tools) * len(files) * (SIGNING_REPETITIONS + 1)
        bar = self._run.bar("Timing the stages of signing", calls)
        return time_tools(self._session, tools, files, SIGNING_REPETITIONS, bar)

    def _photographs(self) -> list[TimedFile]:
        """Every photograph as a file."""
        folder = self._run.work / "photographs"
        files = []
        for number, photo in enumerate(self._collection.photographs):
            path = folder / f"{number:04}{Path(photo.file).suffix}"
            if not path.is_file():
                write_bytes(path, self._collection.read_bytes(photo.id))
            files.append(TimedFile(photo.id, path, photo.width * photo.height / 1e6))
        return files

    def _load(self, signed: Signed, engine: Engine, guard: DiskGuard) -> None:
        speed, work, owner = self._speed, self._run.work, self._run.owner
        listed = work / "photographs.txt"
        paths = "\n".join(str(file.path.resolve()) for file in self._photographs())
        write_bytes(listed, paths.encode())
        variants = speed.expand()
        guard.check_all([Planned(variant, speed.pipeline.images) for variant in variants])
        ways = [
            LoadSetup(variant, workers)
            for variant in variants
            for workers in speed.pipeline.workers
        ]
        repetitions = speed.pipeline.repetitions
        with self._run.watch.time("documents"):
            bar = self._run.bar("Timing documents", len(variants) * (BATCHES + 1))
            documents = time_documents(
                engine.client, variants, signed.database, BATCHES, owner, bar
            )
        with self._run.watch.time("load"):
            loads, memory = measure_throughput(
                engine.client,
                engine.url,
                ways,
                listed,
                images=speed.pipeline.images,
                repetitions=repetitions,
                run=owner,
                advance=self._run.bar("From files to an index", len(ways) * repetitions),
            )
        # All three at the end: times of two servers do not belong into one table.
        for name, table in (("documents", documents), ("loads", loads), ("memory", memory)):
            write_parquet(work / f"{name}.parquet", table)
