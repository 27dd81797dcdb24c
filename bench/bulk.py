"""Bulk requests, sent again where that is safe: ids are fixed, so nothing doubles."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from elastic_transport import ConnectionError as TransportConnectionError
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.helpers import streaming_bulk

from bench.answers import ATTEMPTS, BLOCKED, BUSY
from bench.errors import MeasurementError

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
    Rejections and lost connections pass. A timeout does not: what was sent may still be under way,
    and would mix with what is sent again.

    Parameters
    ----------
    client : Elasticsearch
        The engine's client.
    index : str
        Where to.
    actions : sequence of dict
        For the client's bulk helpers, with ids.
    attempts : int
        Times it is sent at most, with pauses of 1, 2, 4, … seconds between.
    sleep : callable
        Waits so many seconds.

    Raises
    ------
    MeasurementError
        If a document is refused, or the cluster stays busy.
    ApiError, TransportError
        If the whole request is refused, or gets lost again and again.
    """
    for attempt in range(1, attempts + 1):
        try:
            refused = _send(client, index, actions)
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


def _will_pass(refusal: Mapping[str, Any]) -> bool:
    return refusal.get("status") in BUSY and _error(refusal).get("type") != BLOCKED


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
    if _will_pass(refusal):
        return (
            f"the cluster is too busy for index {index!r}: sent {attempt} times, a document is "
            f"still rejected ({said}). Run again when it has less to do"
        )
    return f"index {index!r} rejected a document: {dict(refusal)}; correct that, then run again"
