"""What users are told about an engine: notices, errors, and what an error of the client means."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console

console = Console(stderr=True)
#: By status of the answer.
_STATUS = {
    401: "it does not know these credentials. Check ES_API_KEY, or ES_USER and ES_PASSWORD",
    403: "these credentials lack a privilege. Ask for 'monitor' on the cluster, and on the indices "
    "of the run, by their names, 'create_index', 'write', 'read' and 'manage'",
    404: "something is missing that was there. Has somebody deleted the index? Run again to "
    "rebuild it",
    413: "a request is larger than what a node, or a proxy before it, takes. Raise its "
    "http.max_content_length",
    429: "it is too busy, and stayed so when asked again. Run again when it has less to do",
    503: "a node or a shard is not ready. GET _cluster/health and GET _cluster/allocation/explain "
    "say what is wrong; run again when it is put right",
}

_BLOCKED = (
    "an index may not be written to. Mostly the disk of a node is full past its flood stage: make "
    "room on it, and Elasticsearch lifts the block by itself. Then run again"
)
_PROXY = "something in between, such as a proxy, answers in its place. See what ES_URL leads to"


if TYPE_CHECKING:
    from elastic_transport import TransportError
    from elasticsearch import ApiError


def notice(text: str) -> None:
    """Print one line, without reading markup into paths or numbers."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


class EngineError(RuntimeError):
    """Base of everything this package raises on purpose."""


class JavaNotFoundError(EngineError):
    """No Java runtime that the server can run on."""


class DownloadError(EngineError):
    """The server could not be fetched, or what came is not what was asked for."""


class UnsafeArchiveError(EngineError):
    """An archive whose members would land outside the folder it is unpacked into."""


class EngineFolderError(EngineError):
    """An engine's folder that cannot be used: not ours, not reachable, not writable."""


class EngineBusyError(EngineError):
    """Another process uses the engine of this folder."""


class EngineStartError(EngineError):
    """The server did not start, or did not become healthy in time."""


class EngineEndedError(EngineError):
    """A server of our own ended while it was worked with."""


class EngineDiskError(EngineError):
    """The disk of a server of our own is full."""


class EngineStopError(EngineError):
    """A process of the engine is still there after it was killed."""


class ExternalSettingsError(EngineError):
    """Environment variables that do not describe a cluster."""


class EngineUnreachableError(EngineError):
    """Nothing answers at the address, or what answers cannot be trusted."""


class EngineUnauthorisedError(EngineError):
    """The cluster answers and refuses: wrong credentials or missing privileges."""


class EngineVersionError(EngineError):
    """The server is not Elasticsearch, or not of the major version the client speaks."""


class EngineUnhealthyError(EngineError):
    """The cluster answers and has shards that it cannot serve."""


def explain(error: "ApiError | TransportError") -> str:
    """Say what an error means and what to do; nothing of the request is quoted."""
    from elastic_transport import ConnectionError as TransportConnectionError
    from elastic_transport import ConnectionTimeout, SerializationError
    from elasticsearch import ApiError, UnsupportedProductError

    kinds: tuple[tuple[type[Exception], str], ...] = (
        (
            ConnectionTimeout,
            "Elasticsearch did not answer in time. It is overloaded, or has stopped: see its log; "
            "run again when it answers",
        ),
        (UnsupportedProductError, f"What answers is not Elasticsearch: {_PROXY}"),
        (SerializationError, f"Elasticsearch's answer cannot be read: {_PROXY}"),
        (
            TransportConnectionError,
            "The connection to Elasticsearch was lost ({}). See that it still runs and can be "
            "reached; run again when it does",
        ),
    )
    for kind, text in kinds:
        if isinstance(error, kind):
            return text.format(error.message)
    if not isinstance(error, ApiError):
        return f"Elasticsearch failed: {error.message}. See its log, then run again"
    said = f"Elasticsearch answers {error.status_code}{_reason(error.body)}"
    if _kind(error.body) == "cluster_block_exception":
        remedy = _BLOCKED
    elif isinstance(error.body, Mapping):
        remedy = _STATUS.get(error.status_code, "see its log, then run again")
    else:
        remedy = _PROXY
    return f"{said}: {remedy}"


def _error(body: Any) -> Mapping[str, Any]:
    error = body.get("error") if isinstance(body, Mapping) else None
    return error if isinstance(error, Mapping) else {}


def _kind(body: Any) -> str:
    return str(_error(body).get("type", ""))


def _reason(body: Any) -> str:
    error = _error(body)
    return f" ({error.get('type')}: {str(error.get('reason'))[:300]})" if error else ""
