"""The connection to an Elasticsearch: requests that are safe to repeat, answers that are whole."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from elastic_transport import ConnectionError as TransportConnectionError
from elastic_transport import Transport, TransportApiResponse
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError

from bench.engine.errors import EngineUnhealthyError
from bench.runs.errors import MeasurementError

REQUEST_TIMEOUT = 60.0  # seconds; a force-merge asks for more with client.options()
RETRIES = 3
_PRODUCT = ("x-elastic-product", "Elasticsearch")  # header of every answer since 7.14
_SAFE_POST = re.compile(r"/(_search|_msearch|_count)(\?|$)")
#: Answers that mean "later": too many requests, and a node or shard that is not ready.
BUSY = (429, 503)
#: Times a busy cluster is asked, with pauses of 1, 2, 4, … seconds between.
ATTEMPTS = 7
#: What Elasticsearch says of an index that it no longer writes to.
BLOCKED = "cluster_block_exception"
#: What every answer of shards says of them.
_COUNTS = frozenset({"total", "successful", "failed"})
_T = TypeVar("_T")


class SafeRetryTransport(Transport):
    """Repeats a request after a lost connection only where twice is the same as once.

    The transport of the client repeats all of them: an index creation whose answer got lost is
    then reported as a clash with itself, and a document without an id is there twice. Here reads
    and searches are repeated, up to three times, and nothing else. A rejection (429, 503) or a
    timeout is never repeated here: without a pause that only adds load; who knows what is safe and
    how long to wait asks for it with ``client.options(max_retries=…, retry_on_status=…)``, and the
    bulk helpers have a backoff of their own.
    """

    def perform_request(self, method: str, target: str, **options: Any) -> TransportApiResponse:
        """Perform a request; see :class:`elastic_transport.Transport`."""
        if options.get("max_retries", DEFAULT) is DEFAULT:
            options["max_retries"] = RETRIES if is_safe(method, target) else 0
        response = super().perform_request(method, target, **options)
        meta = response.meta
        if 200 <= meta.status < 300 and meta.headers.get(_PRODUCT[0]) != _PRODUCT[1]:
            # The client looks at its first answer only, and takes a page for a result after that.
            raise UnsupportedProductError("not Elasticsearch", meta=meta, body=response.body)
        return response


def is_safe(method: str, target: str) -> bool:
    """Say whether a request changes nothing.

    Examples
    --------
    >>> is_safe("POST", "/tester/_search?size=10"), is_safe("POST", "/tester/_doc")
    (True, False)
    """
    return method in ("GET", "HEAD") or (method == "POST" and bool(_SAFE_POST.search(target)))


def connect(url: str | Sequence[str], **options: Any) -> Elasticsearch:
    """Make a client; nothing is sent yet."""
    return Elasticsearch(
        url if isinstance(url, str) else list(url),
        transport_class=SafeRetryTransport,
        request_timeout=REQUEST_TIMEOUT,
        retry_on_timeout=False,
        retry_on_status=(),
        **options,
    )


def wait_until_healthy(client: Elasticsearch, seconds: float) -> None:
    """Wait until every primary shard is served: health yellow or green."""
    deadline = time.monotonic() + seconds
    while True:
        found: object
        try:
            found = client.cluster.health()["status"]
        except (ApiError, TransportConnectionError) as error:
            # A node that has just bound its port may not have a master yet: 503.
            found = error
        if found in ("yellow", "green"):
            return
        if time.monotonic() > deadline:
            raise EngineUnhealthyError(
                f"The engine is not healthy after {seconds:.0f} seconds: {found}. Its data may be "
                "damaged; start it on a new folder to see whether it is they."
            )
        time.sleep(0.2)


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
