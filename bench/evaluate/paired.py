"""Comparisons made as systems are measured, so that few resamples are held at a time.

The resamples of one system take about 80 kB a measure at 10,000 of them, a megabyte in all. They
are dropped after the last comparison they are needed for. The usual comparisons are within a
variant and with the first one, so those of two variants are held, however many there are.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from bench.evaluate.comparisons import Estimates, corrected, differences
from bench.evaluate.settings import System


class PairedComparisons:
    """Comparisons of systems that come one after the other.

    Parameters
    ----------
    systems : iterable of System
        All that will come.
    pairs : sequence of (System, System)
        Which to compare, a - b.
    confidence : float
        Level of the intervals and tests.

    Raises
    ------
    SettingsError
        A pair names a system that will not come.
    """

    def __init__(
        self,
        systems: Iterable[System],
        pairs: Sequence[tuple[System, System]],
        confidence: float,
    ) -> None:
        differences({system: {} for system in systems}, pairs, confidence)  # checks the names
        self._waiting = dict(enumerate(pairs))
        self._confidence = confidence
        self._held: dict[System, Estimates] = {}
        self._rows: dict[int, list[dict[str, Any]]] = {}

    @property
    def held(self) -> set[System]:
        """The systems whose resamples are still needed."""
        return set(self._held)

    def add(self, system: System, estimates: Estimates) -> None:
        """Make the comparisons of a system with those that came before it."""
        self._held[system] = estimates
        ready = {n: pair for n, pair in self._waiting.items() if self._held.keys() >= set(pair)}
        for number, pair in ready.items():
            self._rows[number] = differences(self._held, [pair], self._confidence)
            del self._waiting[number]
        needed = {each for pair in self._waiting.values() for each in pair}
        self._held = {each: found for each, found in self._held.items() if each in needed}

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of all pairs in their order, corrected for their number."""
        ordered = [row for number in sorted(self._rows) for row in self._rows[number]]
        return corrected(ordered, self._confidence)
