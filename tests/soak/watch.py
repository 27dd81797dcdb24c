"""Samples of what the harness holds: at fixed times, and at rest after every round."""

import gc
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import pandas as pd

from bench.runs.errors import MeasurementError
from tests.soak.process_tree import Held, held


@dataclass
class Watch:
    """Measures this process and its descendants over time.

    Parameters
    ----------
    outside : collection of int
        Processes that are left out, see `tests.soak.process_tree.descendants`.
    interval : float
        Seconds between two samples.
    """

    outside: Collection[int] = ()
    interval: float = 2.0
    rounds: int = 0
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)
    _taking: threading.Lock = field(default_factory=threading.Lock)
    _error: BaseException | None = None

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Take samples in the background."""
        ended = threading.Event()
        thread = threading.Thread(target=self._run, args=(ended,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            ended.set()
            thread.join()

    def _run(self, ended: threading.Event) -> None:
        try:
            while not ended.wait(self.interval):
                self._take(at_rest=False)
        except BaseException as error:  # raised in the thread that waits for the samples
            self._error = error

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return time.monotonic() - self._began

    def rest(self) -> Held:
        """Take the sample after a round: nothing runs, and what is garbage is collected."""
        if self._error is not None:
            raise MeasurementError(f"no sample could be taken: {self._error}") from self._error
        gc.collect()
        self.rounds += 1
        return self._take(at_rest=True)

    def _take(self, *, at_rest: bool) -> Held:
        with self._taking:
            now = held(self.outside)
            row = {"seconds": self.seconds, "round": self.rounds, "at_rest": at_rest}
            self._rows.append(row | asdict(now))
        return now

    def samples(self) -> pd.DataFrame:
        """One row a sample.

        Returns
        -------
        DataFrame
            ``seconds`` since the start, ``round`` (how many were done), ``at_rest``, ``own_bytes``,
            ``handles``, ``threads``, ``children``.
        """
        return pd.DataFrame(self._rows)
