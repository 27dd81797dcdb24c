"""Run an experiment: sign, build, settle, search, evaluate, report; resume where a run stopped."""

from functools import partial
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.progress import Progress

from bench.cost.measure import measure_cost
from bench.cost.tables import has_cost_tables, read_cost_tables, write_cost_tables
from bench.disk.run_guard import run_guard
from bench.engine import Engine, on_engine, terminated_as_exception
from bench.engine.engine_identity import check_same_engine
from bench.kinds.experiment.config import Experiment
from bench.kinds.experiment.stages import run_stages
from bench.kinds.experiment.tables import run_tables
from bench.kinds.finish import clean_up, finish
from bench.kinds.finished import take_finished
from bench.kinds.variant_state import VariantState, drop
from bench.kinds.variant_tables import stored_storage, verified_hits
from bench.report import write_report
from bench.report.gallery import gallery_table, write_thumbnails
from bench.runs.environment import source_digest
from bench.runs.errors import ExperimentError, RunError
from bench.runs.folder import RunFolder, read_json, write_json
from bench.runs.manifest import make_manifest
from bench.runs.progress import make_progress
from bench.runs.stopwatch import Stopwatch
from bench.signing.sign import Signed, load_or_sign
from datasets import DatasetError


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
        Where results go; those of a finished run are left as they are, see `bench.kinds.finished`.
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
    if keep_engine and not experiment.index.keep:
        raise ExperimentError(
            "index.keep is false, so no index would be left in an engine that is kept; leave out "
            "one of the two"
        )
    with folder.lock(), terminated_as_exception():
        clean_up(folder)
        if folder.is_finished:
            take_finished(folder, experiment.dataset.tiles, console)
            return
        console.print(f"Run folder: {folder.path}", highlight=False, soft_wrap=True)
        _check_same_experiment(folder, experiment)
        with make_progress(console) as progress:
            _measure(experiment, folder, config_text, progress, keep_engine)


def _check_same_experiment(folder: RunFolder, experiment: Experiment) -> None:
    path = folder.work / "experiment.json"
    if path.is_file() and read_json(path) != experiment.canonical():
        raise RunError(f"{folder.path} is of another experiment; delete it, or name another folder")
    write_json(path, experiment.canonical())


def _measure(
    experiment: Experiment,
    folder: RunFolder,
    config_text: str,
    progress: Progress,
    keep_engine: bool,
) -> None:
    console = progress.console
    watch = Stopwatch(folder.work / "seconds.json", None if console.is_terminal else console.print)
    run = folder.owner
    with watch.time("sign"):
        signed = load_or_sign(experiment, folder.work / "signed", progress)
    states = [
        VariantState(variant, folder.work / variant.index_name, run)
        for variant in experiment.expand()
    ]
    engine_folder = folder.work / "engine"
    engine_path = folder.work / "engine.json"
    cost_path = folder.work / "cost"
    timed: set[str] = set()  # whose searches are still to be timed
    if experiment.cost is not None and not has_cost_tables(cost_path):
        timed |= set(experiment.cost.variants or (state.variant.index_name for state in states))
    keep = experiment.index.keep
    unfinished = timed or any(not s.is_finished or (s.has_index and not keep) for s in states)
    if keep_engine or not engine_path.is_file() or unfinished:

        def work(engine: Engine) -> None:
            check_same_engine(engine, folder)
            guard = run_guard(
                engine,
                engine_folder,
                folder.path.parent,
                console,
                nodes=experiment.engine.nodes,
                floor=experiment.engine.disk_floor,
                copies=1 + experiment.index.replicas,
                shards=experiment.index.shards,
                keep=keep,
            )
            run_stages(engine, experiment, states, signed, progress, watch, guard, timed)
            if experiment.cost is not None:
                with watch.time("cost"):
                    _measure_cost(engine, experiment, states, signed, progress, cost_path)
            for state in () if keep else states:
                drop(engine.client, state)
            write_json(engine_path, engine.describe())

        on_engine(
            work,
            engine_folder,
            starting=partial(watch.time, "start engine"),
            heap=experiment.engine.heap,
            nodes=experiment.engine.nodes,
            keep=keep_engine,
        )
    with watch.time("evaluate"):
        tables = run_tables(experiment, states, signed, progress)
    if experiment.cost is not None:
        tables |= read_cost_tables(cost_path)
    with watch.time("gallery"):
        tables["gallery"] = gallery_table(tables, [state.variant for state in states], signed)
        _write_thumbnails(experiment, tables["gallery"], signed, folder, console)
    manifest = make_manifest(
        folder,
        "experiment",
        experiment,
        config_text=config_text,
        engine=read_json(engine_path),
        dataset=signed.description,
        verified_hits=sum(verified_hits(state) for state in states),
        seconds=watch.seconds,
        tables={name: folder.write_table(name, table) for name, table in tables.items()},
    )
    for state in states:
        storage = stored_storage(state)
        settled = {
            "lease_wait_seconds": storage.lease_wait_seconds,
            "merge_seconds": storage.merge_seconds,
            "mappings": storage.mappings,
            "settings": storage.settings,
        }
        write_json(folder.path / "indices" / f"{state.variant.index_name}.json", settled)
    write_report(folder, manifest)
    finish(folder, manifest, keep_engine=keep_engine, nodes=experiment.engine.nodes)


def _write_thumbnails(
    experiment: Experiment,
    gallery: pd.DataFrame,
    signed: Signed,
    folder: RunFolder,
    console: Console,
) -> None:
    try:
        write_thumbnails(gallery, signed, experiment.dataset, folder.path)
    except (DatasetError, OSError) as error:  # no figure depends on them
        said = f"The gallery is without photographs: {error}"
        console.print(said, highlight=False, markup=False, soft_wrap=True)


def _measure_cost(
    engine: Engine,
    experiment: Experiment,
    states: list[VariantState],
    signed: Signed,
    progress: Progress,
    folder: Path,
) -> None:
    if experiment.cost is None:
        return
    by_name = {state.variant.index_name: state.variant for state in states}
    measured = measure_cost(
        engine.client,
        [by_name[name] for name in experiment.cost.variants or by_name],
        signed,
        experiment.cost,
        progress,
        run=states[0].run,
        folder=folder,
        size=experiment.search.size,
    )
    write_cost_tables(folder, measured)
