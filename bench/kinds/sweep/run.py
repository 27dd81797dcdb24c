"""Run a sweep: sign, simulate all, confirm a sample live, model sizes; resume where it stopped."""

from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bench.disk.guard import DiskGuard, Planned
from bench.disk.run_guard import run_guard
from bench.engine import Engine, on_engine, terminated_as_exception
from bench.engine.engine_identity import check_same_engine
from bench.kinds.finish import clean_up, finish
from bench.kinds.finished import take_finished
from bench.kinds.sweep.config import Sweep, load_sweep
from bench.kinds.sweep.confirm import LiveScheme
from bench.kinds.sweep.figures import FIGURES
from bench.kinds.sweep.grid import SchemeGrid, expand, scheme_variant
from bench.kinds.sweep.quality import evaluation_settings
from bench.kinds.sweep.sample import choose_sample
from bench.kinds.sweep.simulate import read_simulated, simulate_all
from bench.kinds.sweep.tables import make_tables
from bench.kinds.sweep.word_figures import FIGURES as WORD_FIGURES
from bench.kinds.sweep.word_tables import word_tables
from bench.kinds.variant_state import build, drop, measure
from bench.report.drawing import write_figures
from bench.runs.environment import source_digest
from bench.runs.errors import ExperimentError, RunError
from bench.runs.folder import RunFolder, read_json, write_json
from bench.runs.manifest import make_manifest
from bench.runs.progress import make_progress
from bench.runs.stopwatch import Stopwatch
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import signed_rows
from bench.signing.sign import Signed, load_or_sign


def sweep_folder(results: Path, sweep: Sweep) -> RunFolder:
    """Folder of a sweep's run with the code as it is: other code, other folder."""
    return RunFolder(results / f"{sweep.key}-{source_digest()[:6]}")


def run_sweep(
    config: Path, results: Path, console: Console, keep_engine: bool = False
) -> RunFolder:
    """Run a sweep to its end, or the rest of one that was interrupted.

    Parameters
    ----------
    config : Path
        A YAML file with ``kind: sweep``.
    results : Path
        Where runs are kept.
    console : Console
        Where progress is shown.
    keep_engine : bool
        Leave the embedded engine running, with the confirmed indices in it.

    Returns
    -------
    RunFolder
        The finished run, with the tables `bench.kinds.sweep.tables` describes.

    Raises
    ------
    BenchError
        If the config is not valid, anything cannot be measured, or the engine and the simulator
        disagree. What was done stays, and the next start goes on from there.
    """
    sweep = load_sweep(config)
    grid = expand(sweep)
    if keep_engine and not sweep.live.keep:
        raise ExperimentError(
            "live.keep is false, so no index would be left in an engine that is kept; leave out "
            "one of the two"
        )
    folder = sweep_folder(results, sweep)
    with folder.lock(), terminated_as_exception():
        clean_up(folder)
        if folder.is_finished:
            take_finished(folder, sweep.dataset.tiles, console)
            return folder
        _check_same_sweep(folder, sweep)
        console.print(f"Run folder: {folder.path}", highlight=False, soft_wrap=True)
        with make_progress(console) as progress:
            text = config.read_text(encoding="utf-8")
            _run(sweep, grid, folder, text, progress, keep_engine)
    return folder


def _check_same_sweep(folder: RunFolder, sweep: Sweep) -> None:
    path = folder.work / "sweep.json"
    if path.is_file() and read_json(path) != sweep.canonical():
        raise RunError(f"{folder.path} is of another sweep; delete it, or name another folder")
    write_json(path, sweep.canonical())


def _run(
    sweep: Sweep,
    grid: SchemeGrid,
    folder: RunFolder,
    config_text: str,
    progress: Progress,
    keep_engine: bool,
) -> None:
    console = progress.console
    watch = Stopwatch(folder.work / "seconds.json", None if console.is_terminal else console.print)
    with watch.time("sign"):
        signed = load_or_sign(sweep.experiment(), folder.work / "signed", progress, "sweep")
    bar = progress.add_task("Simulating schemes", total=len(grid.schemes))
    with watch.time("simulate"):
        simulate_all(grid.schemes, sweep, folder.work, partial(progress.advance, bar))
    with watch.time("words"):
        words = word_tables(signed, grid.reference, evaluation_settings(sweep))
    live = _live_schemes(sweep, grid, folder)
    engine_folder, engine_path = folder.work / "engine", folder.work / "engine.json"
    if keep_engine or not engine_path.is_file() or not all(one.is_finished for one in live):

        def work(engine: Engine) -> None:
            check_same_engine(engine, folder)
            guard = run_guard(
                engine,
                engine_folder,
                folder.path.parent,
                console,
                floor=sweep.engine.disk_floor,
                keep=sweep.live.keep,
            )
            _confirm(engine, sweep, live, signed, progress, watch, guard)
            write_json(engine_path, engine.describe())

        on_engine(
            work,
            engine_folder,
            starting=partial(watch.time, "start engine"),
            heap=sweep.engine.heap,
            keep=keep_engine,
        )
    tables, size_models = make_tables(
        sweep, grid, read_simulated(grid.schemes, folder.work), [one.row() for one in live]
    )
    tables |= words
    entries = {name: folder.write_table(name, table) for name, table in tables.items()}
    write_figures(folder, FIGURES | WORD_FIGURES)
    manifest = make_manifest(
        folder,
        "sweep",
        sweep,
        config_text=config_text,
        engine=read_json(engine_path),
        dataset=signed.description,
        seconds=watch.seconds,
        tables=entries,
        schemes=len(grid.schemes),
        left_out=len(grid.left_out),
        verified_hits=int(tables["confirmed"]["hits"].sum()),
        size_models=size_models,
    )
    finish(folder, manifest, keep_engine=keep_engine)


def _live_schemes(sweep: Sweep, grid: SchemeGrid, folder: RunFolder) -> list[LiveScheme]:
    """The samples, and the reference with a signature where distance ranks."""
    variants = [
        (name, scheme_variant(grid.schemes[name], sample.layout))
        for sample in sweep.live.samples
        for name in choose_sample(grid.schemes, grid.required, sample.schemes)
    ]
    if "distance" in sweep.rankings:
        codec = sweep.live.signature.model_dump()
        layout = sweep.live.samples[0].layout
        variants.append((grid.required[0], scheme_variant(grid.reference, layout, codec)))
    return [LiveScheme.of(name, one, folder.work, folder.owner) for name, one in variants]


def _confirm(
    engine: Engine,
    sweep: Sweep,
    live: list[LiveScheme],
    signed: Signed,
    progress: Progress,
    watch: Stopwatch,
    guard: DiskGuard,
) -> None:
    """Build, settle and confirm as many at a time as the disk takes, see `bench.kinds.experiment.stages`."""
    client, documents = engine.client, len(signed.database)
    for one in live:
        if (storage := one.state.storage) is not None:
            guard.learn(one.state.variant, storage)
        if one.is_finished and not sweep.live.keep:
            drop(client, one.state)
    waiting = [one for one in live if not one.is_finished]
    plans = [Planned(one.state.variant, documents) for one in waiting]
    guard.check_all([p for p, one in zip(plans, waiting, strict=True) if not one.state.has_index])
    rows = signed_rows(signed)
    simulator = Simulator(signed.database, signed.query_signatures[rows])
    indexing = progress.add_task("Indexing a sample", total=len(waiting) * documents)
    settling = progress.add_task("Settling and measuring storage", total=len(waiting))
    confirming = progress.add_task("Confirming every hit", total=len(waiting) * len(rows))
    done = 0
    for size in guard.groups(plans):
        group, planned = waiting[done : done + size], plans[done : done + size]
        done += size
        with watch.time("index"):
            for number, one in enumerate(group):
                if not one.state.has_index:
                    guard.check(planned[number], planned[:number])
                build(client, one.state, signed, partial(progress.advance, indexing))
        with watch.time("settle"):
            for one in group:
                guard.learn(one.state.variant, measure(client, one.state, signed))
                progress.advance(settling)
        with watch.time("confirm"):
            for one in group:
                one.confirm(
                    client,
                    signed,
                    simulator,
                    sweep.search.size,
                    partial(progress.advance, confirming),
                )
        for one in () if sweep.live.keep else group:
            drop(client, one.state)
