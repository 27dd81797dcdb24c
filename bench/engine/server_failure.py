"""Errors of servers of our own that have ended."""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from elastic_transport import ConnectionError as TransportConnectionError
from elastic_transport import TransportError
from elasticsearch import ApiError

from bench.engine.errors import EngineDiskError, EngineEndedError
from bench.engine.folder import CONSOLE, tail
from bench.engine.state import EngineState

#: With fewer bytes free, a server can write neither its log of operations nor its state.
FULL = 10_000_000
#: Seconds that a process with a large memory takes to go after its connections have gone.
_GOING = 5.0
_TICK = 0.05


@contextmanager
def ended_as_error(states: Sequence[EngineState]) -> Iterator[None]:
    """Raise `EngineEndedError` for whatever goes wrong because a server has ended."""
    try:
        yield
    except Exception as error:
        full = _full(states) if isinstance(error, ApiError | TransportError) else None
        if full is not None:
            raise EngineDiskError(
                f"The disk of {full.folder} is full, so Elasticsearch cannot go on. Make room on "
                "it, or name another disk with --results. What was done is kept: the same command "
                "goes on from there."
            ) from error
        # Only a lost connection is worth waiting for: other errors are of servers that answered.
        ended = _ended(states, _GOING if _is_of_connection(error) else 0.0)
        if ended is None:
            raise
        console = Path(ended.folder) / CONSOLE
        raise EngineEndedError(
            f"Elasticsearch ended in the midst of work. The end of its output, {console}:\n"
            f"{tail(console, 3)}\n"
            "Where that does not say why, it was killed, mostly for lack of memory (the system's "
            "log says so): end other programs, or give it a smaller heap. What was done is kept: "
            "the same command goes on from there."
        ) from error


def _full(states: Sequence[EngineState]) -> EngineState | None:
    for state in states:
        # A folder that has gone has other troubles.
        with suppress(OSError):
            if shutil.disk_usage(state.folder).free < FULL:
                return state
    return None


def _ended(states: Sequence[EngineState], seconds: float) -> EngineState | None:
    deadline = time.monotonic() + seconds
    while True:
        for state in states:
            if not state.server_running:
                return state
        if time.monotonic() > deadline:
            return None
        time.sleep(_TICK)


def _is_of_connection(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, TransportConnectionError):
            return True
        error = error.__cause__ or error.__context__
    return False
