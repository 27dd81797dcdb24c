"""One worker process and the pipe to it."""

import contextlib
import multiprocessing
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

from imgsig.sign_many.limits import begin_worker, interrupts_held
from imgsig.sign_many.record import SignedFile
from imgsig.sign_many.settings import Settings
from imgsig.sign_many.sign_file import sign_file

#: Seconds that a worker may take to start.
START = 120.0

#: What a worker says when it has started.
_READY = "ready"

# A fork of a process with threads may hang; a fresh process cannot.
_context = multiprocessing.get_context("spawn")


class WorkerEndedError(Exception):
    """The process of a worker has ended."""


class Worker:
    """A process that signs one file at a time.

    Parameters
    ----------
    settings : Settings
        What holds for every file.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection, other = _context.Pipe()
        self._process = _context.Process(
            target=_work, args=(other, settings), name="imgsig worker", daemon=True
        )
        with interrupts_held():
            self._process.start()
        other.close()
        self._end_of_time = monotonic() + START
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
            self._end_of_time = monotonic() + self._settings.seconds

    def answer(self) -> SignedFile | None:
        """What became of the file, or None if that is not known yet.

        Raises
        ------
        WorkerEndedError
            If the process has ended without an answer.
        """
        try:
            while self._connection.poll():
                said = self._connection.recv()
                if isinstance(said, SignedFile):
                    return said
                self.is_ready = True
                self._end_of_time = monotonic() + self._settings.seconds
        except (EOFError, OSError) as error:
            raise WorkerEndedError from error
        if not self._process.is_alive() and not self._connection.poll():
            raise WorkerEndedError
        return None

    def end_of_time(self) -> float:
        """When it should have answered, on the monotonic clock."""
        return self._end_of_time

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
