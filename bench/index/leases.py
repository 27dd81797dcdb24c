"""Retention leases: what keeps a merge from dropping deleted documents and copies for recovery.

Leases are renewed by a background task every 30 seconds, which cannot be set.

https://www.elastic.co/guide/en/elasticsearch/reference/8.18/index-modules-history-retention.html
"""

import time

from elasticsearch import Elasticsearch

from bench.engine.client import whole
from bench.runs.errors import MeasurementError

#: Seconds until waiting for a lease is given up.
LEASE_TIMEOUT = 180.0
#: Seconds between two reads of the statistics.
POLL = 1.0


def lease_is_held(client: Elasticsearch, index: str) -> bool:
    """Whether a retention lease still holds back operations that a merge could drop.

    Returns
    -------
    bool
        True while some ``retaining_seq_no`` is not beyond the shard's ``max_seq_no``.
    """
    stats = client.indices.stats(index=index, metric="docs", level="shards")
    whole(stats, f"a reading of the leases of {index!r}")
    for shard in stats["indices"][index]["shards"].values():
        for copy in shard:
            last = copy["seq_no"]["max_seq_no"]
            for lease in copy["retention_leases"]["leases"]:
                if lease["retaining_seq_no"] <= last:
                    return True
    return False


def wait_for_leases(client: Elasticsearch, index: str, timeout: float = LEASE_TIMEOUT) -> float:
    """Wait until every retention lease has passed the last operation."""
    begun = time.monotonic()
    while lease_is_held(client, index):
        if time.monotonic() - begun > timeout:
            raise MeasurementError(
                f"a retention lease of {index!r} still holds back history after {timeout:.0f} s, "
                "so its size would be too large; is a follower or a shard recovery attached? Stop "
                "it, then run again"
            )
        time.sleep(POLL)
    return time.monotonic() - begun
