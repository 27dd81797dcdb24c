"""A plan: what a config means, as data."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from bench.disk.history import History, expected_size, expected_words
from bench.disk.room import Room, folder_room
from bench.index.variant import Variant
from bench.signing.dataset import Dataset, cautions
from bench.signing.sign import choose, describe
from bench.signing.tables import document_path
from datasets import Collection, DatasetError, FolderCollection
from datasets.photos import is_fetched
from datasets.pictures import COLLECTIONS
from datasets.pictures import is_fetched as pictures_are_fetched
from datasets.transforms import transform_set


@dataclass(frozen=True)
class PlannedIndex:
    """An index that a run will build.

    `what` is the variant's canonical form. `bytes_per_document` is expected when merged, `loaded`
    how many times that before the final merge, and `source` what both are taken from. `documents`
    is None where only the run will tell.
    """

    index: str
    what: str
    documents: int | None
    bytes_per_document: float
    loaded: float
    source: str

    @property
    def bytes(self) -> float | None:
        """Expected bytes when merged; None where they are unknown."""
        return None if self.documents is None else self.documents * self.bytes_per_document


@dataclass(frozen=True)
class PlannedStage:
    """A stage of a run, its expected seconds, and the runs whose rate that is."""

    stage: str
    seconds: float | None
    source: str


@dataclass(frozen=True)
class RunPlan:
    """What a run will do, and take.

    Counts are None where only the run will tell. `peak_bytes` is the most that the engine's data
    will take at a time, and `peak_source` how that is reckoned. `where` is the folder of these
    data, None for a cluster that runs elsewhere; `floor` is what stays free on that disk, see
    `bench.kinds.sections.Engine`. `engine` is what it will be measured on. `simulated` names
    schemes that are simulated without an index. For `cautions` see `bench.signing.dataset`. `drop`
    is what the config may say so that each index is dropped once it is measured.
    """

    kind: str
    name: str
    documents: int | None
    queries: int | None
    indices: tuple[PlannedIndex, ...]
    stages: tuple[PlannedStage, ...]
    peak_bytes: float | None
    peak_source: str
    where: Path | None = None
    engine: str = ""
    simulated: tuple[str, ...] = ()
    floor: str | None = None
    cautions: Sequence[str] = ()
    drop: str = ""

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
        drop = f", or drop each index once it is measured ({self.drop})" if self.drop else ""
        return [
            f"{room.where} has {room.free / 1e9:,.1f} GB free, of which {room.floor / 1e9:,.1f} "
            f"GB must stay so, and the run is expected to need up to {peak / 1e9:,.1f} GB; free "
            f"some, name another disk with --results, lower the number of documents{drop}"
        ]

    def describe(self) -> dict[str, Any]:
        """As plain values, JSON-ready."""
        return {
            "kind": self.kind,
            "name": self.name,
            "engine": self.engine,
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


@dataclass(frozen=True)
class PlannedPictures:
    """What will be indexed and searched for.

    Counts are None where only the run will tell. `originals` are those there are to take from, and
    `path_bytes` is the mean length of a document's path.
    """

    documents: int | None
    queries: int | None
    originals: int | None
    path_bytes: float = float(len(document_path(0)))
    cautions: Sequence[str] = ()


def is_at_hand(collection: str) -> bool:
    """Whether a collection opens without fetching anything."""
    if collection == "photos":
        return is_fetched()
    return collection not in COLLECTIONS or pictures_are_fetched(collection)


def plan_pictures(
    settings: Dataset, history: History, *, searches: bool = False
) -> PlannedPictures:
    """Choose documents and queries of a config."""
    if not is_at_hand(settings.collection):
        return _not_fetched(settings, history)
    collection, plan = choose(settings)
    counts = len(plan.database), len(plan.queries), len(collection.originals)
    told = cautions(describe(collection, plan, settings), searches=searches)
    return PlannedPictures(*counts, _path_bytes(collection, plan.database), told)


def _path_bytes(collection: Collection, database: Sequence[int]) -> float:
    if not isinstance(collection, FolderCollection):
        return PlannedPictures.path_bytes
    of_each = {place: one.id for place, one in enumerate(collection.originals)}
    return fmean(len(of_each[place].encode()) for place in database if place in of_each)


def _not_fetched(settings: Dataset, history: History) -> PlannedPictures:
    transform_set(settings.transforms)
    known = None if settings.tiles is not None else history.originals.get(settings.collection)
    settings.planting()
    natural = None if settings.natural_queries == "all" else settings.natural_queries
    queries = total(settings.queries, natural)
    if settings.documents is None or settings.documents == "rest":
        return PlannedPictures(known, queries, known)
    if known is not None and settings.documents > known:
        raise DatasetError(
            f"{settings.collection} gives {known:,} originals, {settings.documents:,} documents "
            "are asked for; lower documents or add smaller tiles"
        )
    return PlannedPictures(settings.documents, queries, known)


#: Seconds that a stage takes however little there is to do: processes that start, leases that are
#: renewed every 30 seconds (see `bench.index.storage`), and all of drawing figures and pages.
LEAST = {"sign": 5.0, "settle": 30.0, "measure": 30.0, "report": 30.0}

#: How `peak_together` is reckoned.
TOGETHER = (
    "all indices before their final merge, copies for recovery included, as the named runs "
    "measured them, and the largest once more while it is merged; without the translog"
)


def planned_index(
    name: str,
    variant: Variant,
    documents: int | None,
    history: History,
    pictures: PlannedPictures,
    scheme: str | None = None,
) -> PlannedIndex:
    """An index and its expected size; that of words alone, which is told by their `scheme`."""
    size = (
        expected_size(variant, history, documents)
        if scheme is None
        else expected_words(scheme, variant, history, documents)
    )
    more = size.of_index(variant, documents, pictures.path_bytes)
    return PlannedIndex(
        name, variant.key, documents, more.bytes_per_document, more.loaded, more.source
    )


#: The stage that a run on a cluster does not have.
STARTING = "start engine"


def planned_stages(units: Mapping[str, int | None], history: History) -> tuple[PlannedStage, ...]:
    """Each stage with its expected seconds: its units at the rate of earlier runs."""
    stages = []
    for key, count in units.items():
        name = STARTING if key == "start" else key.split(" ")[-1]
        rate, least = history.rate(key), LEAST.get(name)
        if name == "report":
            stages.append(PlannedStage(name, least, "any run"))
        elif rate is None or count is None:
            stages.append(PlannedStage(name, None, "unknown"))
        else:
            once = f", and {least:.0f} s however small" if least else ""
            stages.append(PlannedStage(name, (least or 0) + rate[0] * count, rate[1] + once))
    return tuple(stages)


def loaded_bytes(indices: Iterable[PlannedIndex]) -> float | None:
    """All before their final merge; None where a size is unknown."""
    sizes = [None if one.bytes is None else one.bytes * one.loaded for one in indices]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def peak_together(indices: Sequence[PlannedIndex]) -> float | None:
    """All at once, and the largest once more while it is merged."""
    loaded = loaded_bytes(indices)
    return None if loaded is None else loaded + max(one.bytes or 0 for one in indices)


def times(count: int, units: int | None) -> int | None:
    """A product in which unknown stays unknown."""
    return None if units is None else count * units


def total(*parts: int | None) -> int | None:
    """A sum in which unknown stays unknown."""
    return None if None in parts else sum(part for part in parts if part is not None)
