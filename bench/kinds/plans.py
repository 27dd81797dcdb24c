"""Plans of every kind of config."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bench.disk.history import History
from bench.disk.size import ExpectedSize, expected_size, expected_words
from bench.engine.folder import place
from bench.index.variant import Variant
from bench.kinds.experiment.config import Experiment, load_experiment
from bench.kinds.pictures import PlannedPictures, plan_pictures
from bench.kinds.plan import Plan, PlannedIndex, PlannedStage
from bench.kinds.scale.config import LOADED_AHEAD, check_size, load_scale
from bench.kinds.speed.config import load_speed
from bench.kinds.speed.run import STAGES, open_named
from bench.kinds.sweep.config import load_sweep
from bench.kinds.sweep.grid import expand, scheme_variant
from bench.kinds.sweep.sample import choose_sample
from bench.runs.environment import ROOT
from datasets.cache import cache_dir
from datasets.photos import is_fetched

#: Seconds that a stage takes however little there is to do: processes that start, leases that are
#: renewed every 30 seconds (see `bench.index.leases`), and all of drawing figures and pages.
LEAST = {"sign": 5.0, "settle": 30.0, "measure": 30.0, "report": 30.0}

_TOGETHER = (
    "all indices before their final merge, copies for recovery included, as the named runs "
    "measured them, and the largest once more while it is merged; without the translog"
)
_DROPPED = (
    "the largest index, or all whose searches are timed together, before the final merge, copies "
    "for recovery included, and the largest once more while it is merged; without the translog. "
    "Where there is room, more are built at a time"
)
_IN_TURN = (
    "indices of the two largest sizes and {ahead:,} documents loaded ahead, before their final "
    "merge, copies for recovery included; without the translog"
)


def plan_experiment(config: Path, results: Path, env: Mapping[str, str] = os.environ) -> Plan:
    """Plan an experiment.

    Parameters
    ----------
    config : Path
        Its YAML file.
    results : Path
        Where its run folder will be, and finished runs are looked at.
    env : mapping
        ``ES_URL`` names a cluster that runs elsewhere.

    Returns
    -------
    Plan

    Raises
    ------
    ExperimentError
        If the config is not valid.
    DatasetError
        If the run would refuse its pictures.
    """
    experiment, history = load_experiment(config), _history(results)
    pictures = plan_pictures("experiment", experiment.dataset, history)
    documents, queries = pictures.documents, pictures.queries
    indices = [
        _index(one.index_name, one, documents, expected_size(one, history), pictures)
        for one in experiment.expand()
    ]
    count = len(indices)
    units = {
        "sign": _sum(documents, queries),
        "start": experiment.engine.nodes,
        "experiment index": _times(count, documents),
        "experiment settle": _times(count, documents),
        "experiment search": _times(count, queries),
        "experiment evaluate": _times(count * experiment.evaluation.resamples, queries),
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
        stages=_stages(units, history),
        peak_bytes=_together(indices) if experiment.index.keep else _dropped(experiment, indices),
        peak_source=_TOGETHER if experiment.index.keep else _DROPPED,
        where=_where(results, env),
        floor=experiment.engine.disk_floor,
        cautions=pictures.cautions,
    )


def plan_sweep(config: Path, results: Path, env: Mapping[str, str] = os.environ) -> Plan:
    """Plan a sweep; see `plan_experiment`."""
    sweep, history = load_sweep(config), _history(results)
    grid = expand(sweep)
    pictures = plan_pictures("sweep", sweep.dataset, history)
    documents, queries = pictures.documents, pictures.queries
    live = [
        (name, scheme_variant(grid.schemes[name], sample.layout))
        for sample in sweep.live.samples
        for name in choose_sample(grid.schemes, grid.required, sample.schemes)
    ]
    indices = [
        _index(one.index_name, one, documents, expected_words(name, one, history), pictures)
        for name, one in live
    ]
    pairs = _times(len(grid.schemes), _times(queries or 0, documents) if queries else None)
    units = {
        "sign": _sum(documents, queries),
        "sweep simulate": pairs,
        "sweep words": documents,
        "start": 1,
        "sweep index": _times(len(live), documents),
        "sweep settle": _times(len(live), documents),
        "sweep confirm": _times(len(live), queries),
        "sweep report": 1,
    }
    return Plan(
        kind="sweep",
        name=sweep.name,
        documents=documents,
        queries=queries,
        indices=tuple(indices),
        stages=_stages(units, history),
        peak_bytes=_together(indices),
        peak_source=_TOGETHER,
        where=_where(results, env),
        simulated=tuple(grid.schemes),
        floor=sweep.engine.disk_floor,
        cautions=pictures.cautions,
    )


def plan_scale(config: Path, results: Path, env: Mapping[str, str] = os.environ) -> Plan:
    """Plan a scale run; see `plan_experiment`."""
    scale, history = load_scale(config), _history(results)
    variants = scale.expand()
    pictures = plan_pictures("scale", scale.experiment.dataset, history)
    real = pictures.documents
    if real is not None:
        check_size(scale.sizes, real)
    indices = [
        _index(f"{one.index_name}-{size}", one, size, expected_size(one, history), pictures)
        for size in scale.sizes
        for one in variants
    ]
    drawn = None if real is None else max(scale.sizes[-1] - real, 0)
    units = {
        "sign": real,
        "scale synthetic": drawn,
        "start": 1,
        "scale measure": len(variants) * sum(scale.sizes),
        "scale report": 1,
    }
    held = min(sum(scale.sizes), sum(scale.sizes[-2:]) + LOADED_AHEAD)
    largest = indices[-len(variants) :]
    loaded = _loaded(largest)
    return Plan(
        kind="scale",
        name=scale.name,
        documents=scale.sizes[-1],
        queries=None,
        indices=tuple(indices),
        stages=_stages(units, history),
        peak_bytes=None if loaded is None else loaded * held / scale.sizes[-1],
        peak_source=_IN_TURN.format(ahead=LOADED_AHEAD),
        where=_where(results, env),
        floor=scale.engine.disk_floor,
        cautions=pictures.cautions,
    )


def plan_speed(config: Path, results: Path, env: Mapping[str, str] = os.environ) -> Plan:
    """Plan a speed run; see `plan_experiment`. Its time is that of earlier runs."""
    speed, history = load_speed(config), _history(results)
    images = speed.pipeline.images
    pictures = plan_pictures("speed", speed.quality, history)
    if speed.collection != "photos" or is_fetched():
        open_named(speed)
    indices = [
        _index(one.index_name, one, images, expected_size(one, history), pictures)
        for one in speed.expand()
    ]
    goals = (f"goal-{number}" for number in range(len(speed.goals)))
    return Plan(
        kind="speed",
        name=speed.name,
        documents=images,
        queries=None,
        indices=tuple(indices),
        stages=_stages({f"speed {stage}": 1 for stage in (*goals, *STAGES)}, history),
        peak_bytes=_together(indices),
        peak_source=_TOGETHER,
        where=_where(results, env),
        cautions=pictures.cautions,
    )


def _history(results: Path) -> History:
    return History.of(dict.fromkeys((ROOT / "results", results)))


def _index(
    name: str,
    variant: Variant,
    documents: int | None,
    size: ExpectedSize,
    pictures: PlannedPictures,
) -> PlannedIndex:
    more = size.of_index(variant, documents, pictures.path_bytes)
    return PlannedIndex(
        name, variant.key, documents, more.bytes_per_document, more.loaded, more.source
    )


def _stages(units: Mapping[str, int | None], history: History) -> tuple[PlannedStage, ...]:
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


def _loaded(indices: Iterable[PlannedIndex]) -> float | None:
    sizes = [None if one.bytes is None else one.bytes * one.loaded for one in indices]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def _together(indices: Sequence[PlannedIndex]) -> float | None:
    loaded = _loaded(indices)
    return None if loaded is None else loaded + max(one.bytes or 0 for one in indices)


def _dropped(experiment: Experiment, indices: Sequence[PlannedIndex]) -> float | None:
    """Most that is needed at a time where indices do not stay."""
    timed: set[str] = set()
    if experiment.cost is not None:
        timed |= set(experiment.cost.variants or (one.index for one in indices))
    groups = [[one] for one in indices] + [[one for one in indices if one.index in timed]]
    peaks = [_together(group) for group in groups if group]
    return None if None in peaks else max(peak for peak in peaks if peak is not None)


def _where(results: Path, env: Mapping[str, str]) -> Path | None:
    # The run's own folder has a name of its own in there, on the same disk.
    return None if env.get("ES_URL") else place(results / "run", cache_dir())


def _times(count: int, units: int | None) -> int | None:
    return None if units is None else count * units


def _sum(*parts: int | None) -> int | None:
    return None if None in parts else sum(part for part in parts if part is not None)
