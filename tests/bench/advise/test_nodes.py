from dataclasses import replace

import pytest

from bench.advise.nodes import nodes_of
from bench.advise.question import Question
from bench.advise.size import Growth, index_size
from bench.advise.times import Speed

ROW = {
    "layout": "tagged_long",
    "bytes_per_document": 100.0,
    "bytes_low": 90.0,
    "bytes_high": 110.0,
    "size_source": "measured",
}
ASKED = Question(images=10**9, precision=0.9, recall=0.5)
#: 100 GB in 5 shards (of 200 million documents at most), 200 GB with replicas.
SIZE = index_size(ROW, 20_000, ASKED, Growth({}))
SPEED = Speed(100.0, 90.0, 110.0, core_seconds=0.4, source="fitted", largest=1_000_000)


def test_copies_lie_on_different_nodes():
    nodes = nodes_of(ASKED, SIZE, SPEED, 2)
    assert (nodes.count, nodes.decided_by) == (2, "copies")
    # All copies, and on each node a shard that is merged, below 85 % of the disks.
    assert nodes.disk_bytes == pytest.approx((200e9 + 2 * 20e9) / 0.85)


@pytest.mark.parametrize(
    ("change", "count", "reason"),
    [
        ({"node_memory": 16e9}, 13, "memory"),
        ({"searches": 100.0}, 20, "searches"),  # of 0.4 core seconds each, on two cores
        ({"node_disk": 100e9}, 4, "disk"),  # 85 GB less a shard of 20
        ({"replicas": 3}, 4, "copies"),
        ({"milliseconds": 100.0}, 3, "cores"),  # of five shards, two on a node
    ],
)
def test_what_is_scarcest_decides(change, count, reason):
    asked = replace(ASKED, **change)
    nodes = nodes_of(asked, index_size(ROW, 20_000, asked, Growth({})), SPEED, 2)
    assert (nodes.count, nodes.decided_by) == (count, reason)


def test_searches_of_unknown_cost_decide_nothing():
    assert nodes_of(replace(ASKED, searches=1e6), SIZE, None, 2).decided_by == "copies"
