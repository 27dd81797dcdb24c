"""Worker processes of this machine, each with a limit of memory, each file with one of time.

Every worker has a pipe of its own and nothing that it shares with others: whenever one is killed,
only its own file is affected, and no lock is left behind that others would wait for. (Pools of one
queue for all workers hang where a worker is killed that is about to take from it.)
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import wait
from time import monotonic

from imgsig.errors import WorkersError
from imgsig.sign_many.sign_file import Settings, SignedFile
from imgsig.sign_many.worker import Worker, WorkerEndedError

#: Files in hand for each worker: enough that none waits while the first in order is slow.
AHEAD = 8

#: Files that a worker has at most: the one it signs and the next, so that it need not wait while
#: the parent is busy with what was yielded.
GIVEN = 2

#: How often a file is tried whose worker ended: it may have been killed for what it did not do, as
#: the kernel does when memory is short.
TRIES = 2

#: How often workers are started without signing a single file.
STARTS = 4


def sign_in_workers(paths: Iterator[str], settings: Settings, workers: int) -> Iterator[SignedFile]:
    """Sign files in processes of this machine.

    Records come in the order of the paths. These are taken as workers become free, at most `AHEAD`
    for each beyond what was yielded. When the iterator ends, or is closed, no worker is left.
    `WorkersError` if workers cannot be started.
    """
    crew = _Crew(paths, settings, workers)
    try:
        while crew.has_files():
            yield crew.next_record()
    finally:
        crew.end()


@dataclass
class _File:
    path: str
    tries: int = 0
    record: SignedFile | None = None


class _Crew:
    """Workers, and the files in hand in their order."""

    def __init__(self, paths: Iterator[str], settings: Settings, workers: int) -> None:
        self._paths = paths
        self._settings = settings
        self._most = AHEAD * workers
        self._in_order: deque[_File] = deque()
        self._again: deque[_File] = deque()  # whose worker ended
        self._fruitless = 0  # workers that ended without signing, one after the other
        self._workers = [Worker(settings) for _ in range(workers)]
        # What each worker has, by its place: the first is being signed.
        self._given: list[deque[_File]] = [deque() for _ in self._workers]

    def has_files(self) -> bool:
        """Whether anything is in hand, after taking what there is to take."""
        self._give()
        return bool(self._in_order)

    def next_record(self) -> SignedFile:
        """What became of the first file in hand, which is waited for."""
        while (record := self._in_order[0].record) is None:
            self._wait()
            self._give()
        self._in_order.popleft()
        return record

    def end(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.end()

    def _give(self) -> None:
        """Give files to the workers, first to those that have fewest."""
        for few in range(GIVEN):
            for place, given in enumerate(self._given):
                if len(given) > few:
                    continue
                if (file := self._next_file()) is None:
                    return
                given.append(file)
                self._workers[place].give(file.path)
                if len(given) == 1:
                    self._workers[place].begin()

    def _next_file(self) -> _File | None:
        if self._again:
            return self._again.popleft()
        if len(self._in_order) >= self._most or (path := next(self._paths, None)) is None:
            return None
        self._in_order.append(_File(path))
        return self._in_order[-1]

    def _wait(self) -> None:
        """Wait until a worker has something to say, ends, or is over its time."""
        busy = {place: self._workers[place] for place, given in enumerate(self._given) if given}
        ends = [worker.end_of_time for worker in busy.values()]
        handles = [handle for worker in busy.values() for handle in worker.handles()]
        wait(handles, timeout=max(0.0, min(ends) - monotonic()))
        for place, worker in busy.items():
            try:
                record = worker.answer()
            except WorkerEndedError:
                self._replace(place)
                continue
            if record is not None:
                self._done(place, record)
                worker.begin()
            elif monotonic() >= worker.end_of_time:
                self._give_up(place)

    def _done(self, place: int, record: SignedFile) -> None:
        self._fruitless = 0
        self._given[place].popleft().record = record

    def _give_up(self, place: int) -> None:
        """End a worker that is over its time."""
        worker = self._workers[place]
        if not worker.is_ready:  # it is not the file that takes so long
            self._replace(place)
            return
        worker.end()
        path = self._given[place][0].path
        reason = f"it took more than {self._settings.seconds:g} seconds"
        self._done(place, SignedFile(path, "timed out", reason=reason))
        self._renew(place)

    def _replace(self, place: int) -> None:
        """Start a worker for one that ended; its file is tried again, or given up."""
        worker, file = self._workers[place], self._given[place][0]
        how = worker.end()
        self._fruitless += not worker.is_ready  # else it is to blame on a file
        if self._fruitless >= STARTS * len(self._workers):
            raise WorkersError(
                f"{self._fruitless} worker processes in turn ended before they could sign a file, "
                f"the last {how}; their messages are above. A script must call sign_many below "
                "'if __name__ == \"__main__\":', because workers import it"
            )
        file.tries += worker.is_ready  # else it ended before it had the file
        if file.tries >= TRIES:
            reason = f"its worker ended {file.tries} times, at last {how}"
            file.record = SignedFile(file.path, "worker died", reason=reason)
            self._given[place].popleft()
        self._renew(place)

    def _renew(self, place: int) -> None:
        """Start a worker; what the one before had is given again, as it is not to blame."""
        self._again.extend(self._given[place])
        self._given[place].clear()
        self._workers[place] = Worker(self._settings)
