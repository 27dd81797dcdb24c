"""The connection to an engine: made, and what its answers and errors mean."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from elastic_transport import ConnectionError as TransportConnectionError
from elastic_transport import (
    ConnectionTimeout,
    SerializationError,
    Transport,
    TransportApiResponse,
    TransportError,
)
from elastic_transport.client_utils import DEFAULT
from elasticsearch import (
    ApiError,
    Elasticsearch,
    UnsupportedProductError,
    helpers,
)

from bench.engine import opensearch
from bench.engine.errors import EngineUnhealthyError
from bench.engine.opensearch import OpenSearchClient
from bench.engine.privileges import missing_privilege
from bench.engine.received import CountingNode
from bench.engine.retries import RETRIES, is_safe
from bench.runs.errors import MeasurementError
from imgsig.cluster import ATTEMPTS, BLOCKED, BUSY, PRODUCT, TRIPPED

#: What the harness sends its requests with.
Client: TypeAlias = Elasticsearch | OpenSearchClient

REQUEST_TIMEOUT = 60.0  # seconds; a force-merge asks for more with client.options()
#: What every answer of shards says of them.
_COUNTS = frozenset({"total", "successful", "failed"})
_T = TypeVar("_T")
#: Status of what security refuses to a user who is known.
FORBIDDEN = 403
NEEDED = (
    "Ask for it: a run needs 'monitor' on the cluster, and 'manage', 'read' and 'write' on its "
    "indices, by their names; docs/how-to/own-cluster.md has the roles of compare and migrate too"
)
#: By status of the answer.
STATUS = {
    FORBIDDEN: f"these credentials lack a privilege. {NEEDED}",
    404: "something is missing that was there. Has somebody deleted the index? Run again to "
    "rebuild it",
    413: "a request is larger than what a node, or a proxy before it, takes. Raise its "
    "http.max_content_length",
    429: "it is too busy, and stayed so when asked again. Run again when it has less to do",
    503: "a node or a shard is not ready. GET _cluster/health and GET _cluster/allocation/explain "
    "say what is wrong; run again when it is put right",
}

_BLOCKED_REMEDY = (
    "an index may not be written to. Mostly the disk of a node is full past its flood stage: make "
    "room on it, and the engine lifts the block by itself. Then run again"
)
_TRIPPED_REMEDY = (
    "its heap has no room for a request. Give the server a larger one (engine.heap in a config, "
    "where a run starts its own), or lower the size of searches. Then run again"
)
_PROXY = (
    "something in between, such as a proxy, answers in its place. See what {prefix}ES_URL leads to"
)
#: What a serverless Elasticsearch is, and says of requests that it does not take.
SERVERLESS = (
    "a serverless Elasticsearch, which does not tell the bytes of an index (it has no _stats) and "
    "manages its shards itself: name a cluster with nodes of its own"
)
_NOT_AVAILABLE = "api_not_available_exception"
_INCOMPATIBLE = (
    "it does not take requests in the format of version 8 (compatible-with=8), as Elasticsearch 8 "
    "and 9 do: {prefix}ES_URL leads to another version, or a proxy changes the headers Accept and "
    "Content-Type. Reach a cluster of version 8 or 9 directly"
)
#: By class, the first that fits.
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (
        ConnectionTimeout,
        "The engine did not answer in time. It is overloaded, or has stopped: see its log; run "
        "again when it answers",
    ),
    (UnsupportedProductError, "What answers is not Elasticsearch: " + _PROXY),
    (SerializationError, "The engine's answer cannot be read: " + _PROXY),
    (
        TransportConnectionError,
        "The connection to the engine was lost ({error}). See that it still runs and can be "
        "reached; run again when it does",
    ),
)


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
        if 200 <= meta.status < 300 and meta.headers.get(PRODUCT[0]) != PRODUCT[1]:
            # The client looks at its first answer only, and takes a page for a result after that.
            raise UnsupportedProductError("not Elasticsearch", meta=meta, body=response.body)
        return response


def connect(url: str | Sequence[str], *, engine: str = "elasticsearch", **options: Any) -> Client:
    """Make a client of an `engine`, elasticsearch or opensearch; nothing is sent yet.

    Options are ``basic_auth``, ``ca_certs``, ``verify_certs`` and, of Elasticsearch alone,
    ``api_key``.
    """
    if engine == "opensearch":
        return OpenSearchClient(url, request_timeout=REQUEST_TIMEOUT, **options)
    return Elasticsearch(
        url if isinstance(url, str) else list(url),
        transport_class=SafeRetryTransport,
        node_class=CountingNode,
        request_timeout=REQUEST_TIMEOUT,
        retry_on_timeout=False,
        retry_on_status=(),
        **options,
    )


def unrepeated(client: Client) -> Client:
    """The same client, which sends every request once: a second attempt would be timed with it."""
    return client.options(max_retries=0)


def engine_name(client: Client) -> str:
    """``elasticsearch`` or ``opensearch``."""
    return "elasticsearch" if isinstance(client, Elasticsearch) else "opensearch"


def streaming_bulk(
    client: Client, actions: Iterable[dict[str, Any]], **options: Any
) -> Iterable[tuple[bool, dict[str, Any]]]:
    """Send bulk requests with the helper of the client; whether each action succeeded, and how.

    Options are those of both helpers, as :func:`elasticsearch.helpers.streaming_bulk` has them.
    """
    if isinstance(client, OpenSearchClient):
        return opensearch.streaming_bulk(client, actions, **options)
    return helpers.streaming_bulk(client, actions, **options)


def wait_until_healthy(client: Client, seconds: float) -> None:
    """Wait until every primary shard is served: health yellow or green."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            found: object = client.cluster.health()["status"]
        except (ApiError, TransportConnectionError) as error:
            # A node that has just bound its port may not have a master yet: 503.
            found = error
        if found in ("yellow", "green"):
            return
        if time.monotonic() > deadline:
            raise EngineUnhealthyError(
                f"The engine is not healthy after {seconds:.0f} seconds: {found}. Its data may be "
                "damaged: if it starts in a new folder, they are."
            )
        time.sleep(0.2)


def retried(send: Callable[[], _T], sleep: Callable[[float], object] = time.sleep) -> _T:
    """Send a request that may be sent twice, and again after a pause while the cluster is busy."""
    for attempt in range(ATTEMPTS - 1):
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
            "so nothing says that it is whole. Every engine gives it: a proxy between has "
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


def flush(client: Client, index: str) -> None:
    """Write what every shard of an index holds in memory to disk."""
    answer = client.indices.flush(index=index, force=True, wait_if_ongoing=True)
    whole(answer, f"a flush of {index!r}")


def refresh(client: Client, index: str) -> None:
    """Have searches of an index see all that it holds."""
    whole(client.indices.refresh(index=index), f"a refresh of {index!r}")


def unauthorised(prefix: str = "") -> str:
    """What the status 401 means; of variables whose names begin so."""
    at = f"{prefix}ES_"
    return f"it does not know these credentials. Check {at}API_KEY, or {at}USER and {at}PASSWORD"


def explain(error: ApiError | TransportError, prefix: str = "") -> str:
    """Say what an error means and what to do; nothing of the request is quoted.

    `prefix` is what the names of the variables begin with that name the cluster.
    """
    for kind, text in _KINDS:
        if isinstance(error, kind):
            return text.format(error=error.message, prefix=prefix)
    if not isinstance(error, ApiError):
        return f"The engine failed: {error.message}. See its log, then run again"
    said = f"The engine answers {error.status_code}{_reason(error.body)}"
    if error.status_code == FORBIDDEN and (lacking := missing_privilege(error_of(error.body))):
        return f"The engine answers 403: {lacking}. {NEEDED}"
    if error_of(error.body).get("type") == BLOCKED:
        remedy = _BLOCKED_REMEDY
    elif error_of(error.body).get("type") == TRIPPED:
        remedy = _TRIPPED_REMEDY
    elif is_incompatible(error):
        remedy = _INCOMPATIBLE.format(prefix=prefix)
    elif is_serverless(error):
        remedy = f"it is {SERVERLESS} in {prefix}ES_URL"
    elif not isinstance(error.body, Mapping):
        remedy = _PROXY.format(prefix=prefix)
    elif error.status_code == 401:
        remedy = unauthorised(prefix)
    else:
        remedy = STATUS.get(error.status_code, "see its log, then run again")
    return f"{said}: {remedy}"


def shards_of(stats: Any, index: str) -> Mapping[str, list[Any]]:
    """Copies of each shard in an index's statistics; none where no copy has answered."""
    shards: Mapping[str, list[Any]] = stats["indices"].get(index, {}).get("shards", {})
    return shards


def is_incompatible(error: ApiError) -> bool:
    """Whether a server refuses the format that the client of Elasticsearch writes."""
    return error.status_code == 406 or error_of(error.body).get("type") == (
        "media_type_header_exception"
    )


def is_serverless(error: ApiError) -> bool:
    """Whether a serverless Elasticsearch refuses a request that it does not take."""
    return error_of(error.body).get("type") == _NOT_AVAILABLE


def error_of(body: Any) -> Mapping[str, Any]:
    """What an answer says of an error; empty where that is no more than a text."""
    error = body.get("error") if isinstance(body, Mapping) else None
    return error if isinstance(error, Mapping) else {}


def _reason(body: Any) -> str:
    error = error_of(body)
    return f" ({error.get('type')}: {str(error.get('reason'))[:300]})" if error else ""
