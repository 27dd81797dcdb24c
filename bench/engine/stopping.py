"""The end of engines that were left running."""

from pathlib import Path

import psutil

from bench.engine.errors import EngineStopError
from bench.engine.state import (
    GRACE,
    EngineState,
    engine_status,
    kill_left_over,
    state_file,
    stop_tree,
)
from datasets.cache import cache_dir


def stop_engine(state: EngineState | None = None) -> list[EngineState]:
    """Stop an engine, or all that were kept. Their data stay.

    Engines in use by a run end with it, and are stopped only when named.
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
