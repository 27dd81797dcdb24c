"""Run an experiment: sign, build, settle, search, evaluate, report; resume where a run stopped."""

import shutil
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from bench.build import VariantState, build, measure, search
from bench.engine import Engine, open_engine, terminated_as_exception
from bench.engine.folder import discard
from bench.environment import describe_code, describe_machine, source_digest
from bench.errors import RunError
from bench.evaluate import EvaluationSettings, evaluate
from bench.experiment import Experiment
from bench.report import write_report
from bench.run_folder import FORMAT_VERSION, RunFolder, read_json, write_json
from bench.sign import Signed, load_or_sign
from bench.stopwatch import Stopwatch
from bench.tables import candidates_table, fields_table, timings_table, variants_table
from datasets.cache import cache_dir


def run_folder(results: Path, experiment: Experiment) -> RunFolder:
    """Folder of an experiment's run with the code as it is: other code, other folder.

    Parameters
    ----------
    results : Path
        Where runs are kept.
    experiment : Experiment
        What is measured.

    Returns
    -------
    RunFolder
    """
    return RunFolder(results / f"{experiment.key}-{source_digest()[:6]}")


def run_experiment(
    experiment: Experiment,
    folder: RunFolder,
    *,
    config_text: str,
    console: Console,
    keep_engine: bool = False,
) -> None:
    """Run an experiment to its end, or the rest of one that was interrupted.

    Parameters
    ----------
    experiment : Experiment
        What to measure.
    folder : RunFolder
        Where results go; a finished one is left as it is.
    config_text : str
        The config as its author wrote it, for the record.
    console : Console
        Where progress is shown.
    keep_engine : bool
        Leave the embedded engine running, with the indices in it.

    Raises
    ------
    BenchError
        If anything cannot be measured. What was done stays, and the next start goes on from there.
    """
    with folder.lock(), terminated_as_exception():
        if folder.is_finished:
            return
        _check_same_experiment(folder, experiment)
        with _progress(console) as progress:
            _measure(experiment, folder, config_text, progress, keep_engine)


def _check_same_experiment(folder: RunFolder, experiment: Experiment) -> None:
    path = folder.work / "experiment.json"
    if path.is_file() and read_json(path) != experiment.canonical():
        raise RunError(f"{folder.path} is of another experiment; delete it, or name another folder")
    write_json(path, experiment.canonical())


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<34}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )


def _measure(
    experiment: Experiment,
    folder: RunFolder,
    config_text: str,
    progress: Progress,
    keep_engine: bool,
) -> None:
    console = progress.console
    watch = Stopwatch(folder.work / "seconds.json", None if console.is_terminal else console.print)
    run = folder.path.name
    with watch.time("sign"):
        signed = load_or_sign(experiment, folder.work / "signed", progress)
    states = [
        VariantState(variant, folder.work / variant.index_name, run)
        for variant in experiment.expand()
    ]
    engine_folder = folder.work / "engine"
    engine_path = folder.work / "engine.json"
    if keep_engine or not engine_path.is_file() or not all(s.is_finished for s in states):
        with ExitStack() as stack:
            with watch.time("start engine"):
                engine = stack.enter_context(
                    open_engine(engine_folder, heap=experiment.engine.heap, keep=keep_engine)
                )
            _run_stages(engine, experiment, states, signed, progress, watch)
            write_json(engine_path, engine.describe())
    tables = {
        "variants": variants_table(states, signed),
        "fields": fields_table(states),
        "documents": signed.documents,
        "queries": signed.queries,
        "candidates": candidates_table(states, signed),
        "timings": timings_table(states),
    }
    with watch.time("evaluate"):
        evaluation = evaluate(
            signed.queries,
            tables["candidates"],
            {state.variant.index_name: state.variant.N for state in states},
            _evaluation_settings(experiment),
            progress,
        )
    for name in ("metrics", "per_query", "curves", "comparisons"):
        tables[name] = getattr(evaluation, name)
    entries = {name: folder.write_table(name, table) for name, table in tables.items()}
    manifest: dict[str, Any] = {
        "format": FORMAT_VERSION,
        "name": experiment.name,
        "title": experiment.title,
        "run": run,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "config": experiment.canonical(),
        "config_text": config_text,
        "code": describe_code(),
        "machine": describe_machine(),
        "engine": read_json(engine_path),
        "dataset": signed.description,
        "verified_hits": len(tables["candidates"]),
        "seconds": watch.seconds,
        "tables": entries,
    }
    write_report(folder, manifest)
    for state in states:
        storage = state.storage
        if storage is not None:
            settled = {
                "lease_wait_seconds": storage.lease_wait_seconds,
                "merge_seconds": storage.merge_seconds,
                "mappings": storage.mappings,
                "settings": storage.settings,
            }
            write_json(folder.path / "indices" / f"{state.variant.index_name}.json", settled)
    write_json(folder.path / "manifest.json", manifest)
    if keep_engine:
        for part in ("signed", *(state.variant.index_name for state in states)):
            shutil.rmtree(folder.work / part, ignore_errors=True)
    else:
        discard(engine_folder, cache_dir())
        folder.discard_work()


def _run_stages(
    engine: Engine,
    experiment: Experiment,
    states: list[VariantState],
    signed: Signed,
    progress: Progress,
    watch: Stopwatch,
) -> None:
    """Build all, then settle all, then search all: the leases of all run out in the same wait."""
    client, waiting = engine.client, [state for state in states if not state.is_finished]
    for state in waiting:
        index = state.variant.index_name
        bar = progress.add_task(f"Indexing {index}", total=len(signed.database))
        with watch.time(f"index {index}"):
            build(client, state, signed, partial(progress.advance, bar))
    bar = progress.add_task("Settling and measuring storage", total=len(waiting))
    for state in waiting:
        with watch.time(f"settle {state.variant.index_name}"):
            measure(client, state, signed)
        progress.advance(bar)
    n_queries = int((signed.queries["status"] == "ok").sum())
    for state in waiting:
        index = state.variant.index_name
        bar = progress.add_task(f"Searching {index}", total=n_queries)
        with watch.time(f"search {index}"):
            search(
                client,
                state,
                signed,
                experiment.search.size,
                partial(progress.advance, bar),
            )


def _evaluation_settings(experiment: Experiment) -> EvaluationSettings:
    search_settings, resampling = experiment.search, experiment.evaluation
    return EvaluationSettings(
        n_candidates=search_settings.size,
        score_cutoff=search_settings.score_cutoff,
        distance_cutoff=search_settings.distance_cutoff,
        n_resamples=resampling.resamples,
        confidence=resampling.confidence,
        seed=resampling.seed,
    )
