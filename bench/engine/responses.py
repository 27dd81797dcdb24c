"""Answers of Elasticsearch that are whole, and requests that are sent again while it is busy."""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from elasticsearch import ApiError

from bench.runs.errors import MeasurementError

#: Answers that mean "later": too many requests, and a node or shard that is not ready.
BUSY = (429, 503)
#: Times a busy cluster is asked, with pauses of 1, 2, 4, … seconds between.
ATTEMPTS = 7
#: What Elasticsearch says of an index that it no longer writes to.
BLOCKED = "cluster_block_exception"
#: What every answer of shards says of them.
_COUNTS = frozenset({"total", "successful", "failed"})

_T = TypeVar("_T")


def retried(
    send: Callable[[], _T],
    sleep: Callable[[float], object] = time.sleep,
    *,
    attempts: int = ATTEMPTS,
) -> _T:
    """Send a request that may be sent twice, and again after a pause while the cluster is busy."""
    for attempt in range(attempts - 1):
        try:
            return send()
        except ApiError as error:
            if error.status_code not in BUSY or error.error == BLOCKED:
                raise
            sleep(2**attempt)
    return send()


def whole(answer: Any, about: str) -> Any:
    """Return the answer of a search, a count or another request to all shards, if it is of all."""
    shards: Mapping[str, int] = answer.get("_shards") or {}
    if unsaid := sorted(_COUNTS - shards.keys()):
        raise MeasurementError(
            f"{about} was answered without the number of shards ({', '.join(unsaid)} in _shards), "
            "so nothing says that it is whole. Elasticsearch always gives it: a proxy between has "
            "changed the answer. Reach the cluster directly, or let the proxy pass answers as they "
            "are"
        )
    cut = [
        said
        for key, said in (("timed_out", "timed out"), ("terminated_early", "ended early"))
        if answer.get(key)
    ]
    if failed := shards["failed"]:
        cut.append(f"{failed} of {shards['total']} shards failed")
    elif (missing := shards["total"] - shards["successful"]) and (
        "hits" in answer or "count" in answer
    ):
        cut.append(f"{missing} of {shards['total']} shards did not answer")
    if cut:
        raise MeasurementError(
            f"{about} was cut short ({', '.join(cut)}), and a part is no result; the engine's log "
            "says why. Run it again when the cluster is healthy and less busy"
        )
    return answer
