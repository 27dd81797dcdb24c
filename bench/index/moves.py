"""Work on an index while none of its shards moves to another node.

A cluster moves shards when nodes come, go or fill up. What is read meanwhile is of one copy or the
other, or of none, and a merge is lost with the copy that it was made on. So work waits until
nothing moves, and is done again where something has moved since.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from elasticsearch import ApiError

from bench.engine.client import Client, retried, shards_of
from bench.engine.errors import notice
from bench.runs.errors import IndexStateError, MeasurementError

#: Seconds until waiting for a shard is given up; an engine copies 40 MB a second unless it is told
#: otherwise, so that is 24 GB.
TIMEOUT = 600.0
#: Seconds between two looks, of which the first says nothing.
POLL = 1.0
#: Times that work is begun.
TIMES = 4
#: Where the copies of each shard are, and whether they are at rest there: node and state.
Places = dict[str, list[tuple[str, str]]]

Result = TypeVar("Result")


def in_place(
    client: Client, index: str, work: Callable[[], Result], *, timeout: float = TIMEOUT
) -> Result:
    """Do work on an index between whose begin and end no shard of it has moved.

    Raises
    ------
    MeasurementError
        If shards do not come to rest; else what `work` raises on shards that are.
    """
    for _ in range(TIMES):
        before = _at_rest(client, index, timeout)
        try:
            done = work()
        except (MeasurementError, IndexStateError, ApiError):
            if places(client, index) == before:
                raise
        else:
            if places(client, index) == before:
                return done
    raise _restless(index, f"have moved to other nodes {TIMES} times while it was measured")


def places(client: Client, index: str) -> Places:
    """Where an index is; without shards that no node has."""
    stats = retried(lambda: client.indices.stats(index=index, metric="docs", level="shards"))
    return {
        number: sorted((copy["routing"]["node"], copy["routing"]["state"]) for copy in copies)
        for number, copies in shards_of(stats, index).items()
    }


def _at_rest(client: Client, index: str, timeout: float) -> Places:
    """Where an index is once none of its copies is on its way."""
    deadline, looks = time.monotonic() + timeout, 0
    while True:
        found = places(client, index)
        if all(state == "STARTED" for copies in found.values() for _, state in copies):
            return found
        if time.monotonic() >= deadline:
            raise _restless(index, f"are still on their way to other nodes after {timeout:.0f} s")
        if looks == 1:
            notice(f"Shards of index {index!r} are on their way to other nodes: waiting for them.")
        looks += 1
        time.sleep(POLL)


def _restless(index: str, what: str) -> MeasurementError:
    return MeasurementError(
        f"shards of index {index!r} {what}, so there is no telling its size; GET _cat/shards shows "
        "them. Let the cluster come to rest, or keep it from moving shards "
        "(cluster.routing.rebalance.enable: none), then run again"
    )


def no_copy(index: str) -> MeasurementError:
    """The error that none of a shard's copies has answered, which no engine counts as a failure."""
    return MeasurementError(
        f"no shard of index {index!r} answers: it is on its way to another node, or no node has "
        "it. Run again once GET _cat/shards says that all are STARTED"
    )
