"""How many nodes an index takes: its disk with room to merge, its memory, its searches.

Nodes hold whole shards, and one without a copy would have nothing to do. So there are never more
nodes than copies: shards are small enough for a node (`bench.advise.size.shard_limit`), and there
are as many replicas as it takes for every node that searches to have a copy.
"""

from dataclasses import dataclass
from math import ceil

from bench.advise.question import Question
from bench.advise.size import IndexSize
from bench.advise.times import Speed
from bench.sizes.projection import GB, Cluster, on_nodes


@dataclass(frozen=True)
class Nodes:
    """Nodes, what there must be so many for, and the disk of all, with room to merge."""

    count: int
    decided_by: str
    disk_bytes: float


def replicas_of(question: Question, size: IndexSize, speed: Speed | None, cores: int) -> int:
    """The replicas that are asked for, or more, where more nodes than these give must search."""
    return max(question.replicas, ceil(_searching(question, speed, cores) / size.shards) - 1)


def nodes_of(question: Question, size: IndexSize, speed: Speed | None, cores: int) -> Nodes:
    """The nodes that an index of as many replicas as it has takes; `cores` are those of one.

    Searches are spread over all copies. What they occupy of a node's cores is what was measured
    with as many clients as there are cores, or the most there were. Where their time is limited,
    each shard has a core.
    """
    cluster = Cluster(replicas=size.replicas, node_gb=question.node_disk / GB)
    needs = {"disk": on_nodes(size.store_bytes, size.shard_bytes, cluster)[0]}
    needs["copies"] = 1 + question.replicas
    if question.node_memory is not None:
        # One document alone may be larger than a node's memory.
        held = max(1, int(question.node_memory // size.shard_bytes))
        needs["memory"] = ceil(size.shards * (1 + size.replicas) / held)
    if question.milliseconds is not None and speed is not None:
        needs["cores"] = ceil(size.shards / cores)
    needs["searches"] = _searching(question, speed, cores)
    count = max(needs.values())
    reasons = sorted(needs, key=lambda name: (-needs[name], name == "disk"))
    disk = on_nodes(size.store_bytes, size.shard_bytes, cluster, count)[1]
    return Nodes(count, reasons[0], disk)


def _searching(question: Question, speed: Speed | None, cores: int) -> int:
    """Nodes that the searches a second occupy; none where these or their cost are not known."""
    if question.searches is None or speed is None:
        return 0
    return ceil(question.searches * speed.core_seconds / cores)
