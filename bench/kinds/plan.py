"""A plan: what a config means, as data."""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.disk.room import Room, folder_room


@dataclass(frozen=True)
class PlannedIndex:
    """An index that a run will build.

    Parameters
    ----------
    index : str
        Its name.
    what : str
        The variant's canonical form.
    documents : int or None
        How many; None where only the run will tell.
    bytes_per_document : float or None
        Expected when merged, of so many documents.
    loaded : float
        How many times that before the final merge.
    source : str
        What the size is taken from.
    """

    index: str
    what: str
    documents: int | None
    bytes_per_document: float | None
    loaded: float
    source: str

    @property
    def bytes(self) -> float | None:
        """Expected bytes when merged; None where they are unknown."""
        if self.documents is None or self.bytes_per_document is None:
            return None
        return self.documents * self.bytes_per_document


@dataclass(frozen=True)
class PlannedStage:
    """A stage of a run.

    Parameters
    ----------
    stage : str
        Its name.
    seconds : float or None
        Expected; None where they are unknown.
    source : str
        The runs whose rate it is.
    """

    stage: str
    seconds: float | None
    source: str


@dataclass(frozen=True)
class Plan:
    """What a run will do, and take.

    Parameters
    ----------
    kind, name : str
        Of the config.
    documents, queries : int or None
        How many; None where only the run will tell.
    indices : tuple of PlannedIndex
        What is built.
    stages : tuple of PlannedStage
        What is done.
    peak_bytes : float or None
        Most that the engine's data will take at a time.
    peak_source : str
        How that is reckoned.
    where : Path or None
        Folder of the engine's data; None for a cluster that runs elsewhere.
    simulated : tuple of str
        Schemes that are simulated without an index.
    floor : str, optional
        What stays free on that disk; see `bench.kinds.experiment.config.Engine`.
    cautions : sequence of str
        What to know of the pictures, see `bench.signing.dataset`.
    """

    kind: str
    name: str
    documents: int | None
    queries: int | None
    indices: tuple[PlannedIndex, ...]
    stages: tuple[PlannedStage, ...]
    peak_bytes: float | None
    peak_source: str
    where: Path | None
    simulated: tuple[str, ...] = ()
    floor: str | None = None
    cautions: Sequence[str] = ()

    @property
    def seconds(self) -> float | None:
        """Sum over the stages that are known; None where none is."""
        known = [stage.seconds for stage in self.stages if stage.seconds is not None]
        return sum(known) if known else None

    @property
    def room(self) -> Room | None:
        """Space where the engine's data will go."""
        return None if self.where is None else folder_room(self.where, self.floor)

    @property
    def free_bytes(self) -> int | None:
        """Free disk where the engine's data will go."""
        room = self.room
        return None if room is None else room.free

    @property
    def warnings(self) -> list[str]:
        """What stands in the way of the run."""
        room, peak = self.room, self.peak_bytes
        if room is None or peak is None or peak <= room.usable:
            return []
        return [
            f"{room.where} has {room.free / 1e9:,.1f} GB free, of which {room.floor / 1e9:,.1f} "
            f"GB must stay so, and the run is expected to need up to {peak / 1e9:,.1f} GB; free "
            "some, name another disk with --results, lower the number of documents, or drop each "
            "index once it is measured (index: {keep: false})"
        ]

    def describe(self) -> dict[str, Any]:
        """As plain values, JSON-ready."""
        return {
            "kind": self.kind,
            "name": self.name,
            "documents": self.documents,
            "queries": self.queries,
            "indices": [asdict(index) | {"bytes": index.bytes} for index in self.indices],
            "simulated": list(self.simulated),
            "stages": [asdict(stage) for stage in self.stages],
            "seconds": self.seconds,
            "peak_bytes": self.peak_bytes,
            "peak_source": self.peak_source,
            "where": None if self.where is None else os.fspath(self.where),
            "free_bytes": self.free_bytes,
            "estimates": True,
            "cautions": list(self.cautions),
            "warnings": self.warnings,
        }
