"""Plan an experiment."""

from collections.abc import Sequence

from bench.disk.history import History, expected_size
from bench.kinds.expected import (
    TOGETHER,
    peak_together,
    planned_index,
    planned_stages,
    times,
    total,
)
from bench.kinds.experiment.config import Experiment
from bench.kinds.pictures import plan_pictures
from bench.kinds.plan import Plan, PlannedIndex

_DROPPED = (
    "the largest index, or all whose searches are timed together, before the final merge, copies "
    "for recovery included, and the largest once more while it is merged; without the translog. "
    "Where there is room, more are built at a time"
)


def plan_experiment(experiment: Experiment, history: History) -> Plan:
    """What the run will build and take."""
    pictures = plan_pictures(experiment.dataset, history, searches=True)
    documents, queries = pictures.documents, pictures.queries
    indices = [
        planned_index(one.index_name, one, documents, expected_size(one, history), pictures)
        for one in experiment.expand()
    ]
    count = len(indices)
    units = {
        "sign": total(documents, queries),
        "start": experiment.engine.nodes,
        "experiment index": times(count, documents),
        "experiment settle": times(count, documents),
        "experiment search": times(count, queries),
        "experiment evaluate": times(count * experiment.evaluation.resamples, queries),
        "experiment report": 1,
    }
    if experiment.cost is not None:
        units["experiment cost"] = len(experiment.cost.variants) or count
    return Plan(
        kind="experiment",
        name=experiment.name,
        documents=documents,
        queries=queries,
        indices=tuple(indices),
        stages=planned_stages(units, history),
        peak_bytes=peak_together(indices)
        if experiment.index.keep
        else _dropped(experiment, indices),
        peak_source=TOGETHER if experiment.index.keep else _DROPPED,
        where=None,
        floor=experiment.engine.disk_floor,
        cautions=pictures.cautions,
    )


def _dropped(experiment: Experiment, indices: Sequence[PlannedIndex]) -> float | None:
    """Most that is needed at a time where indices do not stay."""
    timed: set[str] = set()
    if experiment.cost is not None:
        timed |= set(experiment.cost.variants or (one.index for one in indices))
    groups = [[one] for one in indices] + [[one for one in indices if one.index in timed]]
    peaks = [peak_together(group) for group in groups if group]
    return None if None in peaks else max(peak for peak in peaks if peak is not None)
