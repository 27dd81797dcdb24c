"""What a run is expected to do and take: the parts of every kind's plan."""

from collections.abc import Iterable, Mapping, Sequence

from bench.disk.history import ExpectedSize, History
from bench.index.variant import Variant
from bench.kinds.pictures import PlannedPictures
from bench.kinds.plan import PlannedIndex, PlannedStage

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
    size: ExpectedSize,
    pictures: PlannedPictures,
) -> PlannedIndex:
    """An index and its expected size."""
    more = size.of_index(variant, documents, pictures.path_bytes)
    return PlannedIndex(
        name, variant.key, documents, more.bytes_per_document, more.loaded, more.source
    )


def planned_stages(units: Mapping[str, int | None], history: History) -> tuple[PlannedStage, ...]:
    """Each stage with its expected seconds: its units at the rate of earlier runs."""
    stages = []
    for key, count in units.items():
        name = "start engine" if key == "start" else key.split(" ")[-1]
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
