"""Seconds spent in each stage of a run, added up over all its starts."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.run_folder import read_json, write_json


class Stopwatch:
    """Measures stages and remembers them in a file.

    Parameters
    ----------
    path : Path
        A JSON file of seconds by stage; taken up where it exists.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.seconds: dict[str, float] = read_json(path) if path.is_file() else {}

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Add the time spent inside to a stage; a stage that fails does not count."""
        begun = time.monotonic()
        yield
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + time.monotonic() - begun, 3)
        write_json(self._path, self.seconds)
