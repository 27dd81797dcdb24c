from dataclasses import replace

import pytest

from bench.advise.nodes import nodes_of, replicas_of
from bench.advise.question import Question
from bench.advise.size import Growth, index_size, shard_limit
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
SPEED = Speed(
    milliseconds=100.0,
    low=90.0,
    high=110.0,
    core_seconds=0.4,
    source="assumed",
    of_a_shard="fitted",
    smallest=20_000,
    largest=1_000_000,
    work_over_timed=0.2,
)


def test_copies_lie_on_different_nodes():
    nodes = nodes_of(ASKED, SIZE, SPEED, 2)
    assert (nodes.count, nodes.decided_by) == (2, "copies")
    # All copies, and on each node a shard that is merged, below 85 % of the disks.
    assert nodes.disk_bytes == pytest.approx((200e9 + 2 * 20e9) / 0.85)


@pytest.mark.parametrize(
    ("change", "count", "reason"),
    [
        ({"node_memory": 16e9}, 14, "memory"),  # seven shards of 14.3 GB, twice, one on a node
        ({"node_memory": 50e9}, 5, "memory"),  # ten copies of 20 GB, two on a node
        ({"searches": 100.0}, 20, "searches"),  # of 0.4 core seconds each, on two cores
        ({"node_disk": 100e9}, 4, "disk"),  # 85 GB less a shard of 20: ten copies, three on a node
        ({"replicas": 3}, 4, "copies"),
        ({"milliseconds": 100.0}, 3, "cores"),  # of five shards, two on a node
    ],
)
def test_what_is_scarcest_decides(change, count, reason):
    asked = replace(ASKED, **change)
    size = index_size(ROW, 20_000, asked, Growth({}))
    size = size.copied(replicas_of(asked, size, SPEED, 2))
    nodes = nodes_of(asked, size, SPEED, 2)
    assert (nodes.count, nodes.decided_by) == (count, reason)
    assert nodes.count <= size.shards * (1 + size.replicas)


def test_every_node_that_searches_has_a_copy():
    asked = replace(ASKED, searches=101.0)
    replicas = replicas_of(asked, SIZE, SPEED, 2)
    assert replicas == 4  # 21 nodes, of five shards 25 copies
    copied = SIZE.copied(replicas)
    assert copied.store_bytes == 500e9
    # All copies, and on each of 21 nodes a shard that is merged.
    disk = nodes_of(asked, copied, SPEED, 2).disk_bytes
    assert disk == pytest.approx((500e9 + 21 * 20e9) / 0.85)
    assert replicas_of(replace(ASKED, searches=1.0), SIZE, SPEED, 2) == 1


@pytest.mark.parametrize(
    ("change", "limit"),
    [
        ({}, 30e9),
        ({"node_memory": 16e9}, 16e9),
        ({"node_memory": 50e9}, 25e9),  # two fill it
        ({"node_memory": 60e9}, 30e9),
        ({"node_disk": 60e9}, 25.5e9),  # 51 GB may be filled, with the shard and its merge
    ],
)
def test_a_shard_is_no_larger_than_what_nodes_hold_whole(change, limit):
    asked = replace(ASKED, **change)
    assert shard_limit(asked) == pytest.approx(limit)
    assert index_size(ROW, 20_000, asked, Growth({})).shard_bytes <= limit


def test_searches_of_unknown_cost_decide_nothing():
    assert nodes_of(replace(ASKED, searches=1e6), SIZE, None, 2).decided_by == "copies"
