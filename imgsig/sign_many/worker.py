"""One worker process, its limits where the system has them, and the pipe to it."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any

from imgsig.sign_many.sign_file import Settings, SignedFile, sign_file

#: Seconds that a worker may take to start.
START = 120.0

#: What a worker says when it has started.
_READY = "ready"

# A fork of a process with threads may hang; a fresh process cannot.
_context = multiprocessing.get_context("spawn")


class WorkerEndedError(Exception):
    """The process of a worker has ended."""


class Worker:
    """A process that signs one file at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection, other = _context.Pipe()
        self._process = _context.Process(
            target=_work, args=(other, settings), name="imgsig worker", daemon=True
        )
        with interrupts_held():
            self._process.start()
        other.close()
        #: When it should have answered, on the monotonic clock.
        self.end_of_time = monotonic() + START
        self._ended = ""
        #: Whether it has started.
        self.is_ready = False

    def give(self, path: str) -> None:
        """Give it a file, which it signs after those it has; one that has ended says so later."""
        with contextlib.suppress(OSError):
            self._connection.send(path)

    def begin(self) -> None:
        """Count the time of the file that it signs from now."""
        if self.is_ready:
            self.end_of_time = monotonic() + self._settings.seconds

    def answer(self) -> SignedFile | None:
        """What became of the file, or None if that is not known yet.

        `WorkerEndedError` if the process has ended without an answer.
        """
        try:
            while self._connection.poll():
                said = self._connection.recv()
                if isinstance(said, SignedFile):
                    return said
                self.is_ready = True
                self.end_of_time = monotonic() + self._settings.seconds
        except (EOFError, OSError) as error:
            raise WorkerEndedError from error
        if not self._process.is_alive() and not self._connection.poll():
            raise WorkerEndedError
        return None

    def handles(self) -> tuple[Any, ...]:
        """What to wait for: an answer, or its end."""
        return (self._connection, self._process.sentinel)

    def end(self) -> str:
        """End the process, if it has not ended; how it did, in words."""
        if not self._ended:
            self._process.kill()
            self._process.join()
            self._connection.close()
            code = self._process.exitcode or 0
            self._process.close()
            self._ended = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        return self._ended


def _work(connection: Connection, settings: Settings) -> None:
    begin_worker(settings.memory)
    # The parent may end at any time: then there is nobody to answer.
    with contextlib.suppress(EOFError, OSError):
        connection.send(_READY)
        while True:
            connection.send(sign_file(connection.recv(), settings))


if sys.platform != "win32":
    import resource
    from multiprocessing import resource_tracker


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C from processes that are started inside, which take over what is held back here.

    A terminal sends it to all processes at once; while modules are imported, nothing else could
    keep theirs from printing a traceback each.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # starting it would let Ctrl-C through again
    handler, came = signal.getsignal(signal.SIGINT), list[int]()
    ours = handler is not None and threading.current_thread() is threading.main_thread()
    if ours:  # another thread may take it, and a process half started would never end well
        signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if ours:
            signal.signal(signal.SIGINT, handler)
            if came:
                signal.raise_signal(signal.SIGINT)


def begin_worker(memory: int) -> None:
    """Prepare a worker: bounded memory, interrupts left to the parent, no life without it.

    It may take `memory` bytes beyond what it has now. What goes beyond raises MemoryError there.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(memory)
    _end_with_parent()


def limit_memory(more: int) -> None:
    """Let this process take `more` bytes of memory beyond what it has.

    On Linux that of private writable memory; elsewhere of the address space, where there is such a
    limit.
    """
    if sys.platform == "win32":
        return
    linux = sys.platform == "linux"
    which, has = (resource.RLIMIT_DATA, _data_bytes()) if linux else (resource.RLIMIT_AS, 0)
    hard = resource.getrlimit(which)[1]
    limit = has + more
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(which, (limit, hard))


def _data_bytes() -> int:
    """Private writable memory of this process, see proc_pid_status(5)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


def _end_with_parent() -> None:
    """End this process when its parent is killed, which cannot tell it to."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, name="wait for the parent", daemon=True).start()
