"""The one shell around every run: lock, resume, engine, tables, figures, manifest, clean-up."""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.disk.history import History
from bench.engine import terminated_as_exception
from bench.engine.capabilities import Capabilities
from bench.engine.catalog import engine_title
from bench.engine.folder import place
from bench.index.needs import check_layouts
from bench.kinds.base import Kind
from bench.kinds.finish import clean_up, finish, take_finished
from bench.kinds.plan import STARTING, RunPlan
from bench.kinds.registry import get_kind, kind_of, kind_of_run
from bench.kinds.sections import RunConfig
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import write_figures
from bench.report.gallery import page as gallery
from bench.runs.environment import ROOT, describe_code, source_digest
from bench.runs.errors import BenchError, RunError
from bench.runs.folder import RunFolder, Stopwatch, read_json, write_json
from bench.runs.manifest import make_manifest, read_manifest
from bench.runs.memory import take_from_system
from datasets.cache import cache_dir
from imgsig.cli.terminal import make_progress

#: Says which versions drew a run's pages and figures, and the SHA-256 of each.
DRAWN = "drawn.json"


def run_folder(results: Path, config: RunConfig) -> RunFolder:
    """Folder of a config's run with the code as it is: other code, other folder."""
    return _folder_of(results, config, source_digest())


def _folder_of(results: Path, config: RunConfig, digest: str) -> RunFolder:
    return RunFolder(results / f"{config.key}-{digest[:6]}")


def execute_run(
    path: Path, results: Path, console: Console, keep_engine: bool = False
) -> RunFolder:
    """Run a config to its end, or the rest of a run that was interrupted.

    A run that was finished before is left as it is. Where anything cannot be measured, what was
    done stays, and the next start goes on from there. With `keep_engine` the embedded engine is
    left running, with the indices in it.
    """
    kind = kind_of(path)
    config = kind.load(path)
    if keep_engine:
        kind.refuse_kept_engine(config)
    if os.environ.get("ES_URL"):
        kind.refuse_cluster(config)
    take_from_system()
    digest = source_digest()
    folder, told = _folder_of(results, config, digest), False
    try:
        with folder.lock(), terminated_as_exception():
            clean_up(folder)
            if folder.is_finished:
                take_finished(folder, kind.dataset(config).tiles, console)
                return folder
            _check_same_config(folder, config)
            code = _code_at_start(folder, digest)
            said = f"Run folder: {folder.path}"
            console.print(said, highlight=False, markup=False, soft_wrap=True)
            told = True
            text = path.read_text(encoding="utf-8")
            _execute(kind, config, text, code, folder, console, keep_engine)
    except Exception:
        if told and not folder.path.exists():
            console.print("Nothing was measured; the run folder is removed again.")
        raise
    return folder


def read_finished(folder: RunFolder) -> dict[str, Any]:
    """The manifest of a finished run, none of whose files leads elsewhere."""
    folder.check_links()
    return read_manifest(folder)


def report_again(folder: RunFolder) -> dict[str, Any]:
    """Draw the figures and pages of a finished run again; the run's manifest."""
    manifest = read_finished(folder)
    write_report(kind_of_run(folder), folder, manifest)
    return manifest


def write_report(kind: Kind[Any], folder: RunFolder, manifest: Mapping[str, Any]) -> None:
    """Draw the figures of a run whose tables are written, and write its pages."""
    kind.page(folder, manifest, write_figures(folder, kind.figures(folder)))
    files = {
        name: hashlib.sha256((folder.path / name).read_bytes()).hexdigest()
        for name in drawn_files(folder)
    }
    write_json(folder.path / DRAWN, {"packages": drawn_with(), "files": files})


def drawn_files(folder: RunFolder) -> list[str]:
    """Pages and files of figures, but for the photographs, which stay on the machine."""
    paths = [*folder.path.glob("*.html"), *folder.path.glob("figures/*")]
    names = sorted(path.relative_to(folder.path).as_posix() for path in paths)
    return [name for name in names if name != f"{gallery.NAME}.html"]


def drawn_with() -> dict[str, str]:
    """The versions of the libraries on which the bytes of pages and figures depend."""
    return {name: version(name) for name in ("jinja2", "matplotlib", "numpy", "pandas", "pillow")}


def _check_same_config(folder: RunFolder, config: RunConfig) -> None:
    path = folder.work / "config.json"
    if path.is_file() and read_json(path) != config.canonical():
        raise RunError(f"{folder.path} is of another config; delete it, or name another folder")
    write_json(path, config.canonical())


def _code_at_start(folder: RunFolder, digest: str) -> dict[str, Any]:
    """The code that a run of these sources began with: a resumed one keeps what it was."""
    path = folder.work / "code.json"
    if path.is_file():
        before: dict[str, Any] = read_json(path)
        if before["source_sha256"] == digest:
            return before
    code = describe_code() | {"source_sha256": digest}
    write_json(path, code)
    return code


def _execute(
    kind: Kind[Any],
    config: RunConfig,
    text: str,
    code: Mapping[str, Any],
    folder: RunFolder,
    console: Console,
    keep_engine: bool,
) -> None:
    tell = None if console.is_terminal or not kind.tells else console.print
    watch = Stopwatch(folder.work / "seconds.json", tell)
    with make_progress(console) as progress:
        history = partial(read_history, folder.path.parent)
        run = RunUnderWay(folder, config.engine, progress, watch, history, keep_engine)
        run.check_layouts(kind.layouts(config))
        outcome = kind.execute(config, run)
    manifest = make_manifest(
        folder,
        kind.name,
        config,
        config_text=text,
        code=code,
        # A kind that measures without an engine has none.
        engine=read_json(run.engine_path) if run.engine_path.is_file() else {},
        dataset=outcome.dataset,
        seconds=watch.seconds,
        tables={name: folder.write_table(name, table) for name, table in outcome.tables.items()},
        **outcome.facts,
    )
    for name, content in outcome.files.items():
        write_json(folder.path / name, content)
    write_report(kind, folder, manifest)
    nodes = config.engine.nodes if manifest["engine"].get("kind") == "embedded" else 0
    finish(folder, manifest, keep_engine=keep_engine, nodes=nodes)


def plan_run(path: Path, results: Path, env: Mapping[str, str] = os.environ) -> RunPlan:
    """Plan a run."""
    kind = kind_of(path)
    config, history = kind.load(path), read_history(results)
    if env.get("ES_URL"):
        kind.refuse_cluster(config)
    plan = kind.plan(config, history)
    if not plan.indices:
        return plan
    if url := env.get("ES_URL"):
        stages = tuple(one for one in plan.stages if one.stage != STARTING)
        return replace(plan, engine=f"the cluster at {url}", stages=stages)
    distribution = config.engine.distribution
    check_layouts(kind.layouts(config), Capabilities.of(distribution), distribution.title)
    title = plan.engine or distribution.title
    if others := sorted(set(history.engines.values()) - {title}):
        told = f"Estimates are of runs on {', '.join(others)} too, and this one will be on {title}."
        plan = replace(plan, cautions=[*plan.cautions, told])
    plan = replace(plan, engine=title)
    # The run's own folder has a name of its own in there, on the same disk.
    return replace(plan, where=place(results / "run", cache_dir()))


def read_history(results: Path) -> History:
    """What the committed runs and those below a folder of runs took.

    What is no finished run of this version is passed over.
    """
    history = History()
    for folder in dict.fromkeys((ROOT / "results", results)):
        for path in sorted(folder.glob("*/manifest.json")):
            run = RunFolder(path.parent)
            # A run whose tables are damaged is no reason to stop another.
            with suppress(BenchError, OSError, ValueError, KeyError):
                _add(history, run, run.manifest())
    return history


def _add(history: History, run: RunFolder, manifest: Mapping[str, Any]) -> None:
    kind, dataset = get_kind(manifest["kind"]), manifest["dataset"]
    past = kind.past(run, manifest)
    if "originals" in dataset:  # pictures were indexed and searched for
        signed = {"sign": dataset["documents"] + dataset["queries"], "start engine": 1}
        history.originals[dataset["collection"]] = dataset["originals"]
        past = replace(past, units=signed | dict(past.units))
    if manifest["engine"]:
        history.engines[run.path.name] = engine_title(manifest["engine"])
    history.add(kind.name, run.path.name, past, manifest["seconds"])
