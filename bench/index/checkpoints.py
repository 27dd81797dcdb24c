"""Copies of a shard agree on what all of them hold, and each has committed that.

A merge drops copies of documents that were kept for recovery only where a commit holds them that
was made when its shard knew that all others have them, too. The flush after loading may have come
before a replica was told so; it is told within 30 seconds, as its ``global_checkpoint``.
"""

import time

from bench.engine.client import Client, flush, shards_of, whole
from bench.index.moves import no_copy
from bench.runs.errors import MeasurementError

#: Seconds between two looks, and until waiting is given up.
POLL, TIMEOUT = 1.0, 180.0


def commit_on_every_copy(client: Client, index: str, timeout: float = TIMEOUT) -> None:
    """Wait until every copy knows that all others hold what it holds, then have them commit it."""
    deadline = time.monotonic() + timeout
    while not _agreed(client, index):
        if time.monotonic() > deadline:
            raise MeasurementError(
                f"copies of {index!r} do not agree after {timeout:.0f} s on what they hold; is "
                "something writing to it, or a copy missing? See GET _cat/shards, then run again"
            )
        time.sleep(POLL)
    flush(client, index)


def _agreed(client: Client, index: str) -> bool:
    stats = client.indices.stats(index=index, metric="docs", level="shards")
    whole(stats, f"a reading of the checkpoints of {index!r}")
    copies = [one for shard in shards_of(stats, index).values() for one in shard]
    if not copies:
        raise no_copy(index)
    told = [one["seq_no"] for one in copies if "seq_no" in one]
    return all(one["global_checkpoint"] >= one["max_seq_no"] for one in told)
