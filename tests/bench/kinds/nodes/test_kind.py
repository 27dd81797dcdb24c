"""What a node run plans, and refuses before it begins."""

from pathlib import Path

import pytest

import bench
from bench.disk.history import History
from bench.kinds.nodes.kind import NodesKind
from bench.runs.errors import ExperimentError

CONFIG = Path(bench.__file__).parent / "configs" / "nodes.yaml"


def test_replicas_are_planned_as_what_they_take():
    kind = NodesKind()
    plan = kind.plan(kind.load(CONFIG), History())
    own = [one for one in plan.indices if one.index.startswith("bits_flat")]
    assert {one.index: one.documents for one in own} == {
        "bits_flat-part": 333_333,
        "bits_flat-whole": 1_000_000,
        "bits_flat-sharded": 1_000_000,
        "bits_flat-copied": 1_000_000,
        "bits_flat-copied-replica-1": 1_000_000,
    }
    assert plan.peak_bytes > sum(one.bytes for one in plan.indices)


def test_what_would_lose_a_node_of_somebody_is_refused():
    kind = NodesKind()
    config = kind.load(CONFIG)
    with pytest.raises(ExperimentError, match="unset ES_URL"):
        kind.refuse_cluster(config)
    with pytest.raises(ExperimentError, match="leave out --keep-engine"):
        kind.refuse_kept_engine(config)
