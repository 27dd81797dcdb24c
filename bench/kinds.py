"""Kinds of runs: how each is planned, run and shown, by the key ``kind`` of its config."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.config_file import read_config
from bench.errors import ExperimentError
from bench.experiment import load_experiment
from bench.report import print_summary, write_report
from bench.report.scale_page import write_scale_report
from bench.report.sweep_page import write_sweep_report
from bench.run import run_experiment, run_folder
from bench.run_folder import RunFolder
from bench.scale.config import load_scale
from bench.scale.run import run_scale
from bench.sweep.config import load_sweep
from bench.sweep.grid import expand
from bench.sweep.run import run_sweep


@dataclass(frozen=True)
class Kind:
    """A kind of run.

    Parameters
    ----------
    plan : callable
        From a config's path to a line a variant: its name, a tab, and what it is.
    run : callable
        From config, results folder, console and whether to keep the engine to the finished run.
    show : callable
        From a finished run, its manifest and a console: writes the pages and prints the verdict.
    """

    plan: Callable[[Path], list[str]]
    run: Callable[[Path, Path, Console, bool], RunFolder]
    show: Callable[[RunFolder, Mapping[str, Any], Console], None]


def _run_experiment(config: Path, results: Path, console: Console, keep_engine: bool) -> RunFolder:
    experiment = load_experiment(config)
    folder = run_folder(results, experiment)
    if not folder.is_finished:
        console.print(f"Run folder: {folder.path}", highlight=False, soft_wrap=True)
        text = config.read_text(encoding="utf-8")
        run_experiment(
            experiment, folder, config_text=text, console=console, keep_engine=keep_engine
        )
    return folder


def _plan_experiment(config: Path) -> list[str]:
    variants = load_experiment(config).expand()
    return [f"{variant.index_name}\t{variant.key}" for variant in variants]


def _show_experiment(folder: RunFolder, manifest: Mapping[str, Any], console: Console) -> None:
    rows, sentences = write_report(folder, manifest)
    print_summary(rows, sentences, console)


def _plan_sweep(config: Path) -> list[str]:
    grid = expand(load_sweep(config))
    return [f"{name}\t{scheme.get_config()}" for name, scheme in grid.schemes.items()]


def _plan_scale(config: Path) -> list[str]:
    scale = load_scale(config)
    return [
        f"{variant.index_name}\t{size:,} documents"
        for variant in scale.expand()
        for size in scale.sizes
    ]


KINDS = {
    "experiment": Kind(_plan_experiment, _run_experiment, _show_experiment),
    "sweep": Kind(_plan_sweep, run_sweep, write_sweep_report),
    "scale": Kind(_plan_scale, run_scale, write_scale_report),
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
    if name not in KINDS:
        raise ExperimentError(f"{where}: kind must be one of {', '.join(KINDS)}, not {name!r}")
    return KINDS[name]
