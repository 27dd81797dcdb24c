"""Plan a scale run."""

from bench.disk.history import History, expected_size
from bench.kinds.expected import loaded_bytes, planned_index, planned_stages
from bench.kinds.pictures import plan_pictures
from bench.kinds.plan import Plan
from bench.kinds.scale.config import LOADED_AHEAD, Scale, check_size

_IN_TURN = (
    "indices of the two largest sizes and {ahead:,} documents loaded ahead, before their final "
    "merge, copies for recovery included; without the translog"
)


def plan_scale(scale: Scale, history: History) -> Plan:
    """What the run will build and take."""
    variants = scale.expand()
    pictures = plan_pictures(scale.dataset, history)
    real = pictures.documents
    if real is not None:
        check_size(scale.sizes, real)
    indices = [
        planned_index(f"{one.index_name}-{size}", one, size, expected_size(one, history), pictures)
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
    loaded = loaded_bytes(largest)
    return Plan(
        kind="scale",
        name=scale.name,
        documents=scale.sizes[-1],
        queries=None,
        indices=tuple(indices),
        stages=planned_stages(units, history),
        peak_bytes=None if loaded is None else loaded * held / scale.sizes[-1],
        peak_source=_IN_TURN.format(ahead=LOADED_AHEAD),
        where=None,
        floor=scale.engine.disk_floor,
        cautions=pictures.cautions,
    )
