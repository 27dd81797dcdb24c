"""Finds, starts and stops engines that run on by themselves, for the command line."""

import os
from collections.abc import Mapping
from pathlib import Path

import psutil

from bench.engine.cluster import embedded_cluster, node_folders
from bench.engine.embedded import embedded_engine
from bench.engine.errors import EngineStopError
from bench.engine.folder import place
from bench.engine.processes import GRACE, stop_tree
from bench.engine.state import EngineState, kill_left_over, read_state, state_file, state_files
from datasets.cache import cache_dir


def start_engine(
    folder: Path, heap: str = "1g", env: Mapping[str, str] = os.environ, *, nodes: int = 1
) -> EngineState:
    """Start an engine that runs on when this process ends; one that does already is left alone."""
    if nodes == 1:
        with embedded_engine(folder, heap=heap, keep=True, env=env):
            pass
    else:
        with embedded_cluster(folder, nodes=nodes, heap=heap, keep=True, env=env):
            pass
    cache = cache_dir()
    first = node_folders(folder, nodes)[0]
    state = read_state(state_file(place(first, cache), cache))
    if state is None:
        raise EngineStopError(f"The engine in {folder} was stopped by another process.")
    return state


def engine_status() -> list[EngineState]:
    """List the embedded engines that run, and clean up after those that do not.

    Returns
    -------
    list of EngineState
        In order of their start; those in use by a run (``kept`` is False) among them.
    """
    states = []
    for path in state_files(cache_dir()):
        state = read_state(path)
        if state is not None and state.running:
            states.append(state)
            continue
        if state is not None:
            kill_left_over(state)
        path.unlink(missing_ok=True)
    return sorted(states, key=lambda state: state.started_at)


def stop_engine(state: EngineState | None = None) -> list[EngineState]:
    """Stop an engine, or all that were kept. Their data stay.

    Parameters
    ----------
    state : EngineState, optional
        Which; None is every one that runs on by itself. Engines in use by a run end with it, and
        are stopped only by name.
    """
    running = [known for known in engine_status() if known.kept] if state is None else [state]
    stopped = []
    for one in running:
        if not one.running:
            continue
        try:
            left = stop_tree(one.pid, GRACE + 20)
        except psutil.AccessDenied as error:
            raise EngineStopError(_not_ended(one, [one.pid])) from error
        if left:
            raise EngineStopError(_not_ended(one, left))
        kill_left_over(one)
        state_file(Path(one.folder), cache_dir()).unlink(missing_ok=True)
        stopped.append(one)
    return stopped


def _not_ended(state: EngineState, left: list[int]) -> str:
    return (
        f"The engine at {state.url} was asked to stop, and processes {left} of it are still there. "
        "Stop it as the user who started it."
    )
