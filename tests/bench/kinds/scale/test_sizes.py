"""Which indices are measured, and that none is measured twice."""

import pytest

from bench.disk.guard import DiskGuard
from bench.disk.history import History
from bench.engine.client import connect
from bench.index.build import create_index, delete_index, owner
from bench.index.storage import IndexSize, Storage
from bench.kinds.scale.config import Scale, check_size
from bench.kinds.scale.sizes import measure_all, plan_jobs
from bench.kinds.synthetic.documents import Documents
from bench.runs.errors import MeasurementError, RunError
from bench.runs.folder import write_json

SCALE = Scale.model_validate(
    {
        "kind": "scale",
        "name": "planned",
        "variants": [
            {"name": "planned_a", "codec": {"id": "int_array"}},
            {"name": "planned_b", "codec": {"id": "none"}},
        ],
        "sizes": [100, 200, 300, 400, 500],
    }
)


def test_stages_are_sizes_after_the_check(tmp_path):
    stages = plan_jobs(SCALE, 250, tmp_path, "run")
    planned = [[(job.variant, job.origin, job.documents) for job in stage] for stage in stages]
    assert planned[0] == [("planned_a", "synthetic", 200), ("planned_b", "synthetic", 200)]
    assert [stage[0][2] for stage in planned[1:]] == [100, 200, 300, 400, 500]
    names = [job.state.variant.index_name for stage in stages for job in stage]
    assert names[:3] == ["planned_a-200-synthetic", "planned_b-200-synthetic", "planned_a-100"]
    assert len(set(names)) == len(names) == 12
    assert stages[0][0].state.variant.canonical() == SCALE.expand()[0].canonical()


def test_enough_real_documents_need_no_check(tmp_path):
    assert check_size(SCALE.sizes, 500) is None
    assert len(plan_jobs(SCALE, 500, tmp_path, "run")) == 5
    assert check_size(SCALE.sizes, 499) == 400
    with pytest.raises(MeasurementError, match="smallest size, 100, is more than the 99 real"):
        check_size(SCALE.sizes, 99)


SIZE = IndexSize(100, 0, 1, 1, 0, 123_456, 55)
STORAGE = Storage(SIZE, SIZE, 0.0, 0.0, {}, {}, {}, {})


def test_what_is_measured_needs_no_engine(signatures, tmp_path):
    stages = plan_jobs(SCALE, 150, tmp_path, "run")
    jobs = [job for stage in stages for job in stage]
    with pytest.raises(RunError, match="'planned_a-100-synthetic' was not measured"):
        _ = jobs[0].state.storage
    for job in jobs:
        write_json(job.state.folder / "storage.json", STORAGE.to_json())
    counted = {"loaded": 0, "measured": 0}

    def count(what: str):
        return lambda done: counted.update({what: counted[what] + done})

    with connect("http://127.0.0.1:1") as nobody:  # nobody listens: it must not be asked
        measure_all(
            nobody,
            stages,
            Documents(signatures[:150], 500),
            None,
            keep=False,
            loaded=count("loaded"),
            measured=count("measured"),
            guard=DiskGuard(lambda: None, History()),
        )
    assert counted == {"loaded": sum(job.documents for job in jobs), "measured": len(jobs)}
    assert jobs[0].state.storage == STORAGE


@pytest.mark.engine
@pytest.mark.parametrize("keep", [False, True])
def test_an_index_that_was_measured_but_not_dropped_is_dropped(engine, signatures, tmp_path, keep):
    stages = plan_jobs(SCALE, 150, tmp_path, "run")
    states = [job.state for stage in stages for job in stage]
    for state in states:
        write_json(state.folder / "storage.json", STORAGE.to_json())
    left = states[0]
    create_index(engine.client, left.variant, left.run)
    write_json(left.folder / "loaded.json", {})
    try:
        measure_all(
            engine.client,
            stages,
            Documents(signatures[:150], 500),
            None,
            keep=keep,
            loaded=lambda documents: None,
            measured=lambda indices: None,
            guard=DiskGuard(lambda: None, History()),
        )
        found = owner(engine.client, left.variant.index_name)
    finally:
        delete_index(engine.client, left.variant.index_name, left.run)
    assert found == (left.run if keep else None)
    assert left.has_index == keep
