"""Bulk requests, sent again where that is safe: ids are fixed, so nothing doubles.

A request whose connection was lost may still arrive, even after it was sent again. So each time it
is sent its documents have a higher version, and the engine refuses those that come too late
(external versioning, https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-index).
The versions of what was sent once are the 1 that the engine would have given itself.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from elastic_transport import ConnectionError as TransportConnectionError
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.helpers import streaming_bulk

from bench.engine.client import ATTEMPTS, BLOCKED, BUSY
from bench.runs.errors import MeasurementError

#: Status of a document that is there in the version that was sent, or in a later one.
CONFLICT = 409
#: Times a request is sent whose connection gets lost: a server that has ended does not come back.
SENT_AT_MOST = 3


def send_chunk(
    client: Elasticsearch,
    index: str,
    actions: Sequence[dict[str, Any]],
    *,
    attempts: int = ATTEMPTS,
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """Send one bulk request, until the index holds all of it.

    It is sent again as a whole, so that documents keep their order: the engine breaks ties by it.
    Rejections and lost connections pass. A timeout does not: what cannot answer in time is not
    helped by being sent more.
    """
    for attempt in range(1, attempts + 1):
        try:
            refused = _send(client, index, [action | _version(attempt) for action in actions])
        except ApiError as error:
            if error.status_code not in BUSY or error.error == BLOCKED or attempt == attempts:
                raise
        except TransportConnectionError:
            if attempt >= min(SENT_AT_MOST, attempts):
                raise
        else:
            if not refused:
                return
            # One that will be refused for ever makes waiting for the others useless.
            lasting = [one for one in refused if not _will_pass(one)]
            if lasting or attempt == attempts:
                raise MeasurementError(_explained(index, (lasting or refused)[0], attempt))
        sleep(2 ** (attempt - 1))


def _send(
    client: Elasticsearch, index: str, actions: Sequence[dict[str, Any]]
) -> list[Mapping[str, Any]]:
    """What is said of every document that was refused."""
    answers = list(
        streaming_bulk(
            client, actions, index=index, chunk_size=max(len(actions), 1), raise_on_error=False
        )
    )
    if len(answers) != len(actions):
        raise MeasurementError(
            f"index {index!r} answered for {len(answers)} of {len(actions)} documents; is a proxy "
            "in between that changes answers? Run again to rebuild the index"
        )
    return [next(iter(answer.values())) for ok, answer in answers if not ok]


def _version(attempt: int) -> dict[str, Any]:
    return {"_version": attempt, "_version_type": "external"}


def _will_pass(refusal: Mapping[str, Any]) -> bool:
    status = refusal.get("status")
    # A conflict: a request of before, kept back on its way, has been faster than this one.
    return (status in BUSY or status == CONFLICT) and _error(refusal).get("type") != BLOCKED


def _error(refusal: Mapping[str, Any]) -> Mapping[str, Any]:
    error = refusal.get("error")
    return error if isinstance(error, Mapping) else {"reason": str(error)}


def _explained(index: str, refusal: Mapping[str, Any], attempt: int) -> str:
    error = _error(refusal)
    said = f"{error.get('type', refusal.get('status'))}: {error.get('reason')}"
    if error.get("type") == BLOCKED:
        return (
            f"index {index!r} may not be written to ({said}). Elasticsearch does that where the "
            "disk of a node is full past the flood stage: make room on it, and it lifts the block "
            "by itself. Then run again"
        )
    if refusal.get("status") == CONFLICT:
        return (
            f"index {index!r} holds a later document than the one sent ({said}): somebody else "
            "writes to it. Stop that, then run again to rebuild the index"
        )
    if _will_pass(refusal):
        return (
            f"the cluster is too busy for index {index!r}: sent {attempt} times, a document is "
            f"still rejected ({said}). Run again when it has less to do"
        )
    return f"index {index!r} rejected a document: {dict(refusal)}; correct that, then run again"
