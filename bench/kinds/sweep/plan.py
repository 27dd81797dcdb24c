"""Plan a sweep."""

from bench.disk.history import History, expected_words
from bench.index.variant import scheme_variant
from bench.kinds.expected import (
    TOGETHER,
    peak_together,
    planned_index,
    planned_stages,
    times,
    total,
)
from bench.kinds.pictures import plan_pictures
from bench.kinds.plan import Plan
from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.grid import expand
from bench.kinds.sweep.sample import choose_sample


def plan_sweep(sweep: Sweep, history: History) -> Plan:
    """What the run will build and take."""
    grid = expand(sweep)
    pictures = plan_pictures(sweep.dataset, history, searches=True)
    documents, queries = pictures.documents, pictures.queries
    live = [
        (name, scheme_variant(grid.schemes[name], sample.layout))
        for sample in sweep.live.samples
        for name in choose_sample(grid.schemes, grid.required, sample.schemes)
    ]
    indices = [
        planned_index(one.index_name, one, documents, expected_words(name, one, history), pictures)
        for name, one in live
    ]
    pairs = times(len(grid.schemes), times(queries or 0, documents) if queries else None)
    units = {
        "sign": total(documents, queries),
        "sweep simulate": pairs,
        "sweep words": documents,
        "start": 1,
        "sweep index": times(len(live), documents),
        "sweep settle": times(len(live), documents),
        "sweep confirm": times(len(live), queries),
        "sweep report": 1,
    }
    return Plan(
        kind="sweep",
        name=sweep.name,
        documents=documents,
        queries=queries,
        indices=tuple(indices),
        stages=planned_stages(units, history),
        peak_bytes=peak_together(indices),
        peak_source=TOGETHER,
        where=None,
        simulated=tuple(grid.schemes),
        floor=sweep.engine.disk_floor,
        cautions=pictures.cautions,
    )
