"""Run a scale config: sign, draw synthetic documents, measure all sizes, fit, foretell."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress

from bench.disk.run_guard import run_guard
from bench.engine import Engine, on_engine, terminated_as_exception
from bench.engine.engine_identity import check_same_engine
from bench.kinds.finish import clean_up, finish
from bench.kinds.finished import take_finished
from bench.kinds.scale.check import compare_words, refuse_unlike
from bench.kinds.scale.config import Scale, check_size, load_scale
from bench.kinds.scale.figures import FIGURES, SYNTHETIC_FIGURES
from bench.kinds.scale.measure import Job, measure_all, plan_jobs
from bench.kinds.scale.synthetic import draw, train_on
from bench.kinds.scale.tables import (
    bytes_check,
    fields_table,
    fits_table,
    projections_table,
    reported_table,
    sizes_table,
)
from bench.report.drawing import write_figures
from bench.runs.environment import describe_code, describe_machine, source_digest
from bench.runs.errors import RunError
from bench.runs.folder import (
    FORMAT_VERSION,
    RunFolder,
    read_json,
    write_array,
    write_json,
    write_parquet,
)
from bench.runs.progress import make_progress
from bench.runs.stopwatch import Stopwatch
from bench.signing.sign import Signed, load_or_sign


def run_scale(
    config: Path, results: Path, console: Console, keep_engine: bool = False
) -> RunFolder:
    """Run a scale config to its end, or the rest of a run that was interrupted.

    Parameters
    ----------
    config : Path
        A YAML file with ``kind: scale``.
    results : Path
        Where runs are kept.
    console : Console
        Where progress is shown.
    keep_engine : bool
        Leave the embedded engine running, with the indices in it.

    Returns
    -------
    RunFolder
        The finished run: tables ``sizes``, ``fits``, ``projections``, ``reported``,
        ``synthetic_check``, ``synthetic_positions`` and ``fields``, and figures.

    Raises
    ------
    BenchError
        If the config is not valid, synthetic documents are not like real ones, or anything cannot
        be measured. What was done stays, and the next start goes on from there.
    """
    scale = load_scale(config)
    folder = RunFolder(results / f"{scale.key}-{source_digest()[:6]}")
    with folder.lock(), terminated_as_exception():
        clean_up(folder)
        if folder.is_finished:
            take_finished(folder, scale.pictures.tiles, console)
        else:
            _check_same(folder, scale)
            console.print(f"Run folder: {folder.path}", highlight=False, soft_wrap=True)
            _run(scale, folder, config.read_text(encoding="utf-8"), console, keep_engine)
    return folder


def _check_same(folder: RunFolder, scale: Scale) -> None:
    path = folder.work / "scale.json"
    if path.is_file() and read_json(path) != scale.canonical():
        raise RunError(f"{folder.path} is of another config; delete it, or name another folder")
    write_json(path, scale.canonical())


def _run(
    scale: Scale, folder: RunFolder, config_text: str, console: Console, keep_engine: bool
) -> None:
    watch = Stopwatch(folder.work / "seconds.json", None if console.is_terminal else console.print)
    with make_progress(console) as progress, watch.time("sign"):
        signed = load_or_sign(scale.experiment, folder.work / "signed", progress, "scale")
    with watch.time("synthetic"):
        synthetic = _synthetic(scale, folder.work, signed)
    real = len(signed.database)
    stages = plan_jobs(scale, real, folder.work, folder.owner)
    jobs = [job for stage in stages for job in stage]
    engine_folder, engine_path = folder.work / "engine", folder.work / "engine.json"
    if keep_engine or not engine_path.is_file() or any(j.state.storage is None for j in jobs):

        def work(engine: Engine) -> None:
            check_same_engine(engine, folder)
            guard = run_guard(
                engine,
                engine_folder,
                folder.path.parent,
                console,
                floor=scale.engine.disk_floor,
                keep=False,
            )
            with make_progress(console) as progress, watch.time("measure"):
                loaded = _bar(progress, "Indexing", sum(job.documents for job in jobs))
                measured = _bar(progress, "Settling and measuring storage", len(jobs))
                # What the check compares comes first: the larger sizes take most of the time.
                checked = 1 + max(i for i, (job, *_) in enumerate(stages) if job.documents <= real)
                for part in (stages[:checked], stages[checked:]):
                    measure_all(
                        engine.client,
                        part,
                        signed,
                        synthetic,
                        keep=keep_engine,
                        loaded=loaded,
                        measured=measured,
                        guard=guard,
                    )
                    _check_bytes(scale, [job for stage in part for job in stage], real)
            write_json(engine_path, engine.describe())

        on_engine(
            work,
            engine_folder,
            starting=partial(watch.time, "start engine"),
            heap=scale.engine.heap,
            keep=keep_engine,
        )
    tables = _tables(scale, folder.work, jobs, real)
    entries = {name: folder.write_table(name, table) for name, table in tables.items()}
    drawn = FIGURES | (SYNTHETIC_FIGURES if "synthetic_check" in tables else {})
    write_figures(folder, drawn)
    manifest: dict[str, Any] = {
        "format": FORMAT_VERSION,
        "kind": "scale",
        "name": scale.name,
        "title": scale.title,
        "run": folder.path.name,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "config": scale.canonical(),
        "config_text": config_text,
        "code": describe_code(),
        "machine": describe_machine(),
        "engine": read_json(engine_path),
        "dataset": signed.description,
        "synthetic": len(synthetic),
        "seconds": watch.seconds,
        "tables": entries,
    }
    finish(folder, manifest, keep_engine=keep_engine)


def _bar(progress: Progress, description: str, total: int) -> Any:
    return partial(progress.advance, progress.add_task(description, total=total))


def _synthetic(scale: Scale, work: Path, signed: Signed) -> NDArray[np.int8]:
    """Synthetic signatures, as many as the sizes need, compared with the real ones; kept."""
    path = work / "synthetic.npy"
    if path.is_file():
        loaded: NDArray[np.int8] = np.load(path, allow_pickle=False)
        return loaded
    real = signed.database
    if check_size(scale.sizes, len(real)) is None:
        return real[:0]
    synthetic = draw(
        train_on(real, seen=scale.synthetic.seen),
        max(scale.sizes[-1] - len(real), len(real)),
        scale.synthetic.seed,
    )
    indexed = signed.documents[signed.documents["doc"] >= 0].sort_values("doc")
    check, positions = compare_words(
        real,
        indexed["group"].to_numpy(dtype=np.str_),
        synthetic[: len(real)],
        scale.expand()[0].scheme,
        scale.synthetic.words_tolerance,
    )
    refuse_unlike(check)
    write_parquet(work / "synthetic_check.parquet", check)
    write_parquet(work / "synthetic_positions.parquet", positions)
    write_array(path, synthetic)  # last: its presence says that the others are there
    return synthetic


def _check_bytes(scale: Scale, jobs: list[Job], real: int) -> pd.DataFrame:
    """Indices of synthetic documents beside those of real ones; raises where they are unlike."""
    check = bytes_check(sizes_table(jobs, real), scale.synthetic.bytes_tolerance)
    refuse_unlike(check)
    return check


def _tables(scale: Scale, work: Path, jobs: list[Job], real: int) -> dict[str, pd.DataFrame]:
    sizes = sizes_table(jobs, real)
    fits, best = fits_table(sizes, scale.confidence)
    tables = {
        "sizes": sizes,
        "fits": fits,
        "projections": projections_table(best, scale),
        "reported": reported_table(best, scale),
        "fields": fields_table(jobs),
    }
    if (work / "synthetic_check.parquet").is_file():
        of_bytes = _check_bytes(scale, jobs, real)
        of_words = pd.read_parquet(work / "synthetic_check.parquet")
        tables["synthetic_check"] = pd.concat([of_words, of_bytes], ignore_index=True)
        tables["synthetic_positions"] = pd.read_parquet(work / "synthetic_positions.parquet")
    return tables
