"""From bytes a document to the disks of a cluster: shards, replicas, room to merge.

Elastic's advice is shards of 10 to 50 GB and at most 200 million documents; Lucene's limit is
2^31 − 129 documents. While a shard is merged to one segment it takes up to twice its size, one
shard at a time on each node. A shard is not divided between nodes: each holds whole ones, beside
the room to merge one. And a node takes no new shard once its disk is fuller than the low watermark.

https://www.elastic.co/docs/deploy-manage/production-guidance/optimize-performance/size-shards
https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-forcemerge
https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/cluster-level-shard-allocation-routing-settings
"""

from dataclasses import dataclass
from math import ceil
from typing import Any

from bench.runs.errors import MeasurementError
from bench.sizes.fit import SizeFit

#: Most documents of a Lucene index, and so of a shard.
LUCENE_LIMIT = 2**31 - 129
GB = 10**9


@dataclass(frozen=True)
class Cluster:
    """How a cluster is laid out: limits of a shard, replicas, a node's disk and its usable share.

    A GB is 10^9 bytes.
    """

    shard_gb: float = 50.0
    shard_documents: int = 200_000_000
    replicas: int = 1
    node_gb: float = 2_000.0
    watermark: float = 0.85

    @property
    def usable_bytes(self) -> float:
        """Bytes of a node's disk that may be filled."""
        return self.node_gb * GB * self.watermark

    @property
    def largest_shard(self) -> float:
        """Bytes of the largest shard that a node can hold and merge."""
        return self.usable_bytes / 2


def project(fit: SizeFit, documents: int, cluster: Cluster) -> dict[str, Any]:
    """Predict what a collection takes on a cluster.

    The trend of the fit is known to go on up to the largest size measured, and must end some day.
    So each figure is computed twice, with the trend going on over as many doublings again as were
    measured, and with the trend ending where measuring ended; the larger is the figure, and the
    interval takes in the confidence intervals of both.

    Of the result, ``low`` and ``high`` are of a primary shard's bytes a document; ``limit`` is what
    bounds a shard, ``bytes`` or ``documents``; ``store_bytes`` has the replicas; ``merge_bytes`` is
    one shard a node, merged; and ``disk_bytes`` is what the disks must have so that all of it stays
    below the watermark.
    """
    shards = ceil(documents / cluster.shard_documents)
    limit = "documents"
    while True:
        per_shard = ceil(documents / shards)
        value, low, high = bytes_per_document(fit, per_shard)
        needed = ceil(per_shard * shards * value / (cluster.shard_gb * GB))
        # More shards than documents cannot help: then one alone is too large for a shard.
        if needed <= shards or shards >= documents:
            break
        # Fewer documents a shard can take a byte less each, so the next guess may overshoot by
        # little; it never undershoots.
        shards, limit = min(documents, max(shards + 1, min(needed, 2 * shards))), "bytes"
    shard_bytes = per_shard * value
    store = documents * value * (1 + cluster.replicas)
    nodes, disk = on_nodes(store, shard_bytes, cluster)
    return {
        "documents": documents,
        "shards": shards,
        "documents_per_shard": per_shard,
        "limit": limit,
        "shard_bytes": shard_bytes,
        "bytes_per_document": value,
        "low": low,
        "high": high,
        "primary_bytes": documents * value,
        "primary_low": documents * low,
        "primary_high": documents * high,
        "replicas": cluster.replicas,
        "store_bytes": store,
        "nodes": nodes,
        "merge_bytes": nodes * shard_bytes,
        "disk_bytes": disk,
    }


def on_nodes(
    store: float, shard_bytes: float, cluster: Cluster, least: int = 1
) -> tuple[int, float]:
    """Nodes, at `least` so many, and the disk that all of them need while each merges a shard."""
    if shard_bytes > cluster.largest_shard:
        raise MeasurementError(
            f"a shard of {shard_bytes / GB:,.0f} GB cannot be merged on a node of "
            f"{cluster.node_gb:,.0f} GB: {cluster.usable_bytes / GB:,.0f} GB may be filled, and it "
            f"takes {2 * shard_bytes / GB:,.0f} GB; choose smaller shards or larger nodes"
        )
    copies, room = round(store / shard_bytes), cluster.usable_bytes - shard_bytes
    # Copies of one shard lie on different nodes.
    nodes = max(ceil(copies / (room // shard_bytes)), 1 + cluster.replicas, least)
    return nodes, (store + nodes * shard_bytes) / cluster.watermark


def bytes_per_document(fit: SizeFit, documents: int) -> tuple[float, float, float]:
    """Bytes a document of a shard: value, low, high; whether the trend goes on or ends there."""
    both = [
        fit.predict(documents, trend_goes_on=goes_on, of_one_index=False)
        for goes_on in (True, False)
    ]
    values, lows, highs = zip(*((one.value, one.low, one.high) for one in both), strict=True)
    return max(values), min(lows), max(highs)
