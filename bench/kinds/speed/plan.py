"""Plan a speed run."""

from bench.disk.history import History, expected_size
from bench.kinds.expected import TOGETHER, peak_together, planned_index, planned_stages
from bench.kinds.pictures import plan_pictures
from bench.kinds.plan import Plan
from bench.kinds.speed.config import Speed
from bench.kinds.speed.measure import STAGES, open_named
from datasets.photos import is_fetched


def plan_speed(speed: Speed, history: History) -> Plan:
    """What the run will build and take."""
    images = speed.pipeline.images
    pictures = plan_pictures(speed.quality, history)
    if speed.collection != "photos" or is_fetched():
        open_named(speed)
    indices = [
        planned_index(one.index_name, one, images, expected_size(one, history), pictures)
        for one in speed.expand()
    ]
    goals = (f"goal-{number}" for number in range(len(speed.goals)))
    return Plan(
        kind="speed",
        name=speed.name,
        documents=images,
        queries=None,
        indices=tuple(indices),
        stages=planned_stages({f"speed {stage}": 1 for stage in (*goals, *STAGES)}, history),
        peak_bytes=peak_together(indices),
        peak_source=TOGETHER,
        where=None,
        cautions=pictures.cautions,
    )
