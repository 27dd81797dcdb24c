"""Run a speed config: time the tools, compare signatures, search, load; keep what is done."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property, partial
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.progress import Progress

from bench.engine import open_engine, terminated_as_exception
from bench.kinds.experiment.config import Experiment
from bench.kinds.finish import clean_up, finish
from bench.kinds.finished import take_finished
from bench.kinds.speed.alternation import time_tools
from bench.kinds.speed.config import BESIDE, Speed, load_speed
from bench.kinds.speed.decode_effect import decode_effect, summary
from bench.kinds.speed.exact_vs_fast import sign_whole
from bench.kinds.speed.files import TimedFile, timed_files
from bench.kinds.speed.peers.environment import describe_peers
from bench.kinds.speed.peers.oracle import compare_signatures, golden_pictures, made_pictures
from bench.kinds.speed.peers.session import Session, open_session
from bench.kinds.speed.quality import measure_quality
from bench.kinds.speed.ratios import summarize_goal
from bench.kinds.speed.stages import SIGNING, summarize_stages, time_documents
from bench.kinds.speed.throughput import Load, measure_throughput
from bench.runs.environment import source_digest
from bench.runs.errors import MeasurementError
from bench.runs.folder import RunFolder, read_json, write_bytes, write_json, write_parquet
from bench.runs.manifest import make_manifest
from bench.runs.progress import make_progress
from bench.runs.stopwatch import Stopwatch
from bench.signing.sign import Signed, load_or_sign
from datasets import Collection, open_collection

#: What is timed after the goals, as the manifest's ``seconds`` names it.
STAGES = ("oracle", "effect", "quality", "signing", "documents", "load")
#: Repetitions in which the stages of signing are timed, on every photograph.
SIGNING_REPETITIONS = 2
#: Bulk requests of each variant that are timed.
BATCHES = 6


def run_speed(
    config: Path, results: Path, console: Console, keep_engine: bool = False
) -> RunFolder:
    """Run a speed config to its end, or the rest of a run that was interrupted.

    Parameters
    ----------
    config : Path
        A YAML file with ``kind: speed``.
    results : Path
        Where runs are kept.
    console : Console
        Where progress is shown.
    keep_engine : bool
        Leave the embedded engine running.

    Returns
    -------
    RunFolder
        The finished run: tables ``goals`` and ``samples``, ``oracle``, ``effect``, ``reductions``
        and ``quality``, ``stages``, ``signing`` and ``documents``, ``loads`` and ``memory``.

    Raises
    ------
    BenchError
        If the config is not valid, a signature is not that of image-match, or anything cannot be
        measured. What was done stays, and the next start goes on from there.
    """
    speed = load_speed(config)
    folder = RunFolder(results / f"{speed.key}-{source_digest()[:6]}")
    with folder.lock(), terminated_as_exception():
        clean_up(folder)
        if folder.is_finished:
            take_finished(folder, speed.quality.tiles, console)
        else:
            console.print(f"Run folder: {folder.path}", highlight=False, soft_wrap=True)
            with make_progress(console) as progress, ExitStack() as stack:
                run = _Run(speed, folder, progress, stack)
                run.all(config.read_text(encoding="utf-8"), keep_engine)
    return folder


def open_named(speed: Speed) -> Collection:
    """The photographs that are signed; `MeasurementError` if one that is named is not there."""
    collection = open_collection(speed.collection, ())
    photos = {photo.id for photo in collection.photographs}
    named = {picture.photo for goal in speed.goals for picture in goal.photographs}
    if unknown := sorted(named - photos):
        raise MeasurementError(f"{speed.collection} has no photograph {', '.join(unknown)}")
    return collection


class _Run:
    """The stages, each of whose tables is kept in the run's ``work`` folder when it is done."""

    def __init__(
        self, speed: Speed, folder: RunFolder, progress: Progress, stack: ExitStack
    ) -> None:
        self._speed, self._folder, self._progress, self._stack = speed, folder, progress, stack
        self._watch = Stopwatch(folder.work / "seconds.json")
        self._collection = open_named(speed)

    def all(self, config_text: str, keep_engine: bool) -> None:
        speed, work = self._speed, self._folder.work
        begun = work / "begun.json"
        if not begun.is_file():
            write_json(begun, {"load_average": list(os.getloadavg())})
        goals = [self._timed(number) for number in range(len(speed.goals))]
        oracle = self._once("oracle", self._oracle)
        effect = self._once("effect", self._effect)
        with self._watch.time("sign"):
            experiment = self._experiment()
            signed = load_or_sign(experiment, work / "signed", self._progress, "speed")
        quality = self._once("quality", lambda: self._quality(signed))
        signing = self._once("signing", self._signing)
        self._load(signed, keep_engine)
        documents, loads, memory = (
            pd.read_parquet(work / f"{name}.parquet") for name in ("documents", "loads", "memory")
        )
        rows = [
            row
            for goal, samples in zip(speed.goals, goals, strict=True)
            for row in summarize_goal(goal, samples, speed)
        ]
        tables = {
            "goals": pd.DataFrame(rows),
            "samples": pd.concat(goals, ignore_index=True),
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
        entries = {name: self._folder.write_table(name, table) for name, table in tables.items()}
        manifest = make_manifest(
            self._folder,
            "speed",
            speed,
            config_text=config_text,
            engine=read_json(work / "engine.json"),
            dataset=signed.description,
            seconds=self._watch.seconds,
            tables=entries,
            peers=describe_peers(),
            **read_json(begun),
        )
        finish(self._folder, manifest, keep_engine=keep_engine)

    def _experiment(self) -> Experiment:
        """What signs the tiles that whole photographs are searched among; it needs no queries."""
        dataset = self._speed.quality.model_copy(update={"queries": 10, "transforms": "quick"})
        variants = self._speed.pipeline.variants
        return Experiment(name=self._speed.name, dataset=dataset, variants=variants)

    @cached_property
    def _session(self) -> Session:
        """The workers, started when they are first needed."""
        return self._stack.enter_context(open_session())

    def _once(self, name: str, measure: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        path = self._folder.work / f"{name}.parquet"
        if not path.is_file():
            with self._watch.time(name):
                write_parquet(path, measure())
        return pd.read_parquet(path)

    def _bar(self, description: str, total: int) -> Callable[[int], object]:
        return partial(self._progress.advance, self._progress.add_task(description, total=total))

    def _timed(self, number: int) -> pd.DataFrame:
        goal = self._speed.goals[number]

        def measure() -> pd.DataFrame:
            session, pictures = self._session, self._collection.pictures()
            files = list(timed_files(goal, pictures, self._folder.work / "files"))
            missing = {"PDQ"} if describe_peers()["not_compiled"] else set()
            tools = [goal.tool, *(tool for tool in BESIDE[goal.tool] if tool not in missing)]
            repetitions = self._speed.repetitions
            bar = self._bar(goal.title, len(tools) * len(files) * (repetitions + 1))
            return time_tools(session, tools, files, repetitions, bar).assign(goal=goal.title)

        return self._once(f"goal-{number}", measure)

    def _oracle(self) -> pd.DataFrame:
        pictures = [*golden_pictures(), *made_pictures(self._speed.oracle)]
        bar = self._bar("Comparing with image-match", len(pictures))
        table = compare_signatures(self._session, pictures, bar)
        wrong = table[table["different"] > 0]
        if len(wrong):
            raise MeasurementError(
                f"{len(wrong)} of {len(table)} signatures are not image-match's, the first that of "
                f"{wrong['picture'].iloc[0]}"
            )
        return table

    def _effect(self) -> pd.DataFrame:
        bar = self._bar("Decoding both ways", len(self._collection.photographs))
        return decode_effect(self._collection, advance=bar)

    def _quality(self, signed: Signed) -> pd.DataFrame:
        whole = sign_whole(self._speed.quality, self._progress)
        return measure_quality(whole, signed, self._speed.bootstrap)

    def _signing(self) -> pd.DataFrame:
        files = self._photographs()
        tools = [tool for pair in SIGNING.values() for tool in pair]
        calls = len(tools) * len(files) * (SIGNING_REPETITIONS + 1)
        bar = self._bar("Timing the stages of signing", calls)
        return time_tools(self._session, tools, files, SIGNING_REPETITIONS, bar)

    def _photographs(self) -> list[TimedFile]:
        """Every photograph as a file."""
        folder = self._folder.work / "photographs"
        files = []
        for number, photo in enumerate(self._collection.photographs):
            path = folder / f"{number:04}{Path(photo.file).suffix}"
            if not path.is_file():
                write_bytes(path, self._collection.read_bytes(photo.id))
            files.append(TimedFile(photo.id, path, photo.width * photo.height / 1e6))
        return files

    def _load(self, signed: Signed, keep_engine: bool) -> None:
        speed, work, run = self._speed, self._folder.work, self._folder.owner
        if (work / "engine.json").is_file():
            return
        listed = work / "photographs.txt"
        paths = "\n".join(str(file.path.resolve()) for file in self._photographs())
        write_bytes(listed, paths.encode())
        variants = speed.expand()
        ways = [
            Load(variant, workers) for variant in variants for workers in speed.pipeline.workers
        ]
        repetitions = speed.pipeline.repetitions
        with open_engine(work / "engine", heap=speed.engine.heap, keep=keep_engine) as engine:
            with self._watch.time("documents"):
                bar = self._bar("Timing documents", len(variants) * (BATCHES + 1))
                documents = time_documents(
                    engine.client, variants, signed.database, BATCHES, run, bar
                )
                write_parquet(work / "documents.parquet", documents)
            with self._watch.time("load"):
                loads, memory = measure_throughput(
                    engine.client,
                    engine.url,
                    ways,
                    listed,
                    images=speed.pipeline.images,
                    repetitions=repetitions,
                    run=run,
                    advance=self._bar("From files to an index", len(ways) * repetitions),
                )
                write_parquet(work / "loads.parquet", loads)
                write_parquet(work / "memory.parquet", memory)
            write_json(work / "engine.json", engine.describe())
