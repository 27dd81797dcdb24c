"""The end of a run: its manifest is written, then what only a resumed run needs is removed.

A process may be killed between the two, or in the midst of removing. A file says what is to be
removed, from before there is a manifest until nothing is left; the next start goes by it.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.engine import stop_engine
from bench.engine.cluster import MAX_NODES, node_folders
from bench.engine.embedded import left_running
from bench.engine.errors import notice
from bench.engine.folder import discard, place
from bench.engine.identity import check_measured_on
from bench.engine.state import read_state, state_file
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder, read_json, write_json
from bench.signing.dataset import changed
from datasets.cache import cache_dir

_ENGINE = "engine"


def finish(
    folder: RunFolder, manifest: Mapping[str, Any], *, keep_engine: bool, nodes: int = 1
) -> None:
    """Write the manifest of a run and remove what is not needed any more."""
    write_json(folder.ending, {"keep_engine": keep_engine, "nodes": nodes})
    write_json(folder.path / "manifest.json", manifest)
    clean_up(folder)


def clean_up(folder: RunFolder) -> None:
    """Remove what a run that has its manifest has left; an engine that is to be kept stays.

    Nothing happens where the run goes on, or has come to its end.
    """
    if not (folder.has_manifest and folder.ending.is_file()):
        return
    ending = read_json(folder.ending)
    if ending["keep_engine"]:
        for path in sorted(folder.work.glob("*")):
            if path.is_dir() and path.name != _ENGINE:
                shutil.rmtree(path, ignore_errors=True)
    else:
        engines = node_folders(folder.work / _ENGINE, ending["nodes"])
        for one in engines:
            _stop_kept(one)
        for one in engines:
            discard(one, cache_dir())
        folder.discard_work()
    folder.ending.unlink()


def _stop_kept(engine: Path) -> None:
    """Stop an engine that an earlier start was to keep, and this one is not."""
    state = left_running(state_file(place(engine, cache_dir()), cache_dir()))
    if state is not None:
        notice(f"The engine that was kept at {state.url} is stopped.")
        stop_engine(state)


def _runs_on(folder: RunFolder) -> bool:
    """Whether an engine, of however many nodes, was kept."""
    if not folder.work.is_dir():
        return False
    engine = folder.work / _ENGINE
    found = (
        read_state(state_file(place(one, cache_dir()), cache_dir()))
        for one in (engine, *node_folders(engine, MAX_NODES))
    )
    return any(state is not None and state.running for state in found)


def take_finished(
    folder: RunFolder,
    tiles: list[int] | None,
    console: Console,
    env: Mapping[str, str] = os.environ,
) -> None:
    """Say that a finished run is taken as it is, and how to run it again."""
    manifest = folder.manifest()
    if manifest["engine"]:
        check_measured_on(folder, manifest["engine"], env)
    if difference := changed(manifest["dataset"], tiles):
        raise RunError(
            f"the run in {folder.path} is finished, and {difference}. Delete {folder.path} to "
            "measure them as they are now, or name another folder with --results; "
            f"`imgsig-bench report {folder.path}` shows what was measured"
        )
    first = " Stop its engine before, with 'imgsig-bench engine stop'." if _runs_on(folder) else ""
    console.print(
        f"This run was finished at {manifest['finished']} and is not run again, its results are "
        f"shown; delete {folder.path} to run it again.{first}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
