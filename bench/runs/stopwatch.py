"""Seconds spent in each stage of a run, added up over all its starts."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.runs.folder import read_json, write_json


class Stopwatch:
    """Measures stages and remembers them in a file.

    Parameters
    ----------
    path : Path
        A JSON file of seconds by stage; taken up where it exists.
    tell : callable, optional
        Called with a line about each stage that is done: where progress bars cannot be seen.
    """

    def __init__(self, path: Path, tell: Callable[[str], object] | None = None) -> None:
        self._path = path
        self._tell = tell
        self.seconds: dict[str, float] = read_json(path) if path.is_file() else {}

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Add the time spent inside to a stage; a stage that fails does not count."""
        begun = time.monotonic()
        yield
        spent = time.monotonic() - begun
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + spent, 3)
        write_json(self._path, self.seconds)
        if self._tell:
            self._tell(f"{stage}: {spent:.1f} s")
