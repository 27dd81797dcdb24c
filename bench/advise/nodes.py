"""How many nodes an index takes: its disk with room to merge, its memory, its searches."""

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


def nodes_of(question: Question, size: IndexSize, speed: Speed | None, cores: int) -> Nodes:
    """The nodes that what is asked takes; `cores` are those of one.

    Searches are spread over all copies. What they occupy of a node's cores is what was measured
    with as many clients as there are cores, or the most there were. Where their time is limited,
    each shard has a core.
    """
    cluster = Cluster(replicas=question.replicas, node_gb=question.node_disk / GB)
    shard_bytes = size.documents_per_shard * size.bytes_per_document
    needs = {"disk": on_nodes(size.store_bytes, shard_bytes, cluster)[0]}
    needs["copies"] = 1 + question.replicas
    if question.node_memory is not None:
        needs["memory"] = ceil(size.store_bytes / question.node_memory)
    if question.milliseconds is not None and speed is not None:
        needs["cores"] = ceil(size.shards / cores)
    if question.searches is not None and speed is not None:
        needs["searches"] = ceil(question.searches * speed.core_seconds / cores)
    count = max(needs.values())
    reasons = sorted(needs, key=lambda name: (-needs[name], name == "disk"))
    disk = on_nodes(size.store_bytes, shard_bytes, cluster, count)[1]
    return Nodes(count, reasons[0], disk)
