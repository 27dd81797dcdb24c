"""Kinds of runs: how each is planned, run and shown, by the key ``kind`` of its config."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.kinds.experiment.config import load_experiment
from bench.kinds.experiment.run import run_experiment, run_folder
from bench.kinds.scale.page import scale_verdict, write_scale_report
from bench.kinds.scale.run import run_scale
from bench.kinds.speed.page import speed_verdict, write_speed_report
from bench.kinds.speed.run import run_speed
from bench.kinds.sweep.page import sweep_verdict, write_sweep_report
from bench.kinds.sweep.run import run_sweep
from bench.plan import Plan, plan_experiment, plan_scale, plan_speed, plan_sweep
from bench.report import print_summary, write_report
from bench.report.terminal import row_data
from bench.runs.config_file import read_config
from bench.runs.errors import ExperimentError
from bench.runs.folder import RunFolder


@dataclass(frozen=True)
class Kind:
    """A kind of run.

    Parameters
    ----------
    plan : callable
        From a config and the results folder to what a run will do and take.
    run : callable
        From config, results folder, console and whether to keep the engine to the finished run.
    show : callable
        From a finished run, its manifest and a console: writes the pages, prints the verdict, and
        returns it, JSON-ready.
    """

    plan: Callable[[Path, Path], Plan]
    run: Callable[[Path, Path, Console, bool], RunFolder]
    show: Callable[[RunFolder, Mapping[str, Any], Console], dict[str, Any]]


def _run_experiment(config: Path, results: Path, console: Console, keep_engine: bool) -> RunFolder:
    experiment = load_experiment(config)
    folder = run_folder(results, experiment)
    text = config.read_text(encoding="utf-8")
    run_experiment(experiment, folder, config_text=text, console=console, keep_engine=keep_engine)
    return folder


def _show_experiment(
    folder: RunFolder, manifest: Mapping[str, Any], console: Console
) -> dict[str, Any]:
    rows, sentences = write_report(folder, manifest)
    print_summary(rows, sentences, console)
    return {"indices": [row_data(row) for row in rows], "sentences": sentences}


def _show_sweep(folder: RunFolder, manifest: Mapping[str, Any], console: Console) -> dict[str, Any]:
    write_sweep_report(folder, manifest, console)
    return {"sentences": sweep_verdict(folder, manifest)}


def _show_scale(folder: RunFolder, manifest: Mapping[str, Any], console: Console) -> dict[str, Any]:
    write_scale_report(folder, manifest, console)
    return {"sentences": scale_verdict(folder)}


def _show_speed(folder: RunFolder, manifest: Mapping[str, Any], console: Console) -> dict[str, Any]:
    write_speed_report(folder, manifest, console)
    return {"sentences": speed_verdict(folder)}


KINDS = {
    "experiment": Kind(plan_experiment, _run_experiment, _show_experiment),
    "sweep": Kind(plan_sweep, run_sweep, _show_sweep),
    "scale": Kind(plan_scale, run_scale, _show_scale),
    "speed": Kind(plan_speed, run_speed, _show_speed),
}
"""Every kind by its name; a config without ``kind`` is an experiment."""


def kind_of(config: Path) -> Kind:
    """The kind that a config says it is.

    Raises
    ------
    ExperimentError
        If there is none of that name, or the file is no config.
    """
    return _kind(read_config(config).get("kind", "experiment"), config)


def kind_of_run(folder: RunFolder) -> Kind:
    """The kind of a finished run.

    Raises
    ------
    RunError, ExperimentError
        If it is not finished, or of a kind that this version does not know.
    """
    return _kind(folder.manifest().get("kind", "experiment"), folder.path)


def _kind(name: Any, where: Path) -> Kind:
    if not isinstance(name, str) or name not in KINDS:
        raise ExperimentError(f"{where}: kind must be one of {', '.join(KINDS)}, not {name!r}")
    return KINDS[name]
