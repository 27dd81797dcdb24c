"""How whole indices are, as the cluster says it."""

import time

from elastic_transport import TransportError
from elasticsearch import ApiError

from bench.engine.client import Client
from bench.engine.errors import EngineUnhealthyError

#: Seconds that copies of an index have to find their nodes.
SECONDS = 600.0
#: Seconds after which a shard that is nowhere is given up: its node would have come back by then.
GONE = 60.0


def wait_until_green(client: Client, index: str) -> str:
    """Wait until every copy is there and stays where it is: ``green``.

    ``red`` where documents stay away; `EngineUnhealthyError` where a copy does.
    """
    begun = time.monotonic()
    while True:
        status, moving = "red", 0
        try:
            told = client.cluster.health(index=index)
            status, moving = str(told["status"]), int(told["relocating_shards"])
        except (ApiError, TransportError):  # no master yet, or the index is gone
            pass
        if status == "green" and not moving:
            return status
        spent = time.monotonic() - begun
        if status == "red" and spent > GONE:
            return status
        if spent > SECONDS:
            raise EngineUnhealthyError(
                f"index {index!r} is {status} after {SECONDS:.0f} seconds: a copy of a shard finds "
                "no node. See GET _cluster/allocation/explain; make room on the disk of the nodes, "
                "then run again"
            )
        time.sleep(0.2)
