"""Requests to an engine, and the clients that send them.

What an index does is written without input and output, as generators that yield a `Request` and are
sent its `Response`. A port sends them with somebody's client, which is told by its class and never
imported here: elasticsearch-py 8 or 9, or opensearch-py 3.
"""

import asyncio
import inspect
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from imgsig.errors import ConfigError, EngineError

_T = TypeVar("_T")
_NONE: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Request:
    """What is sent; a list as the body is sent as lines (``_bulk``, ``_msearch``)."""

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Response:
    """What is answered."""

    status: int
    body: Any

    @property
    def error(self) -> Mapping[str, Any]:
        """What it says of an error; empty where that is no more than a text."""
        return error_of(self.body)


@dataclass(frozen=True)
class Pause:
    """Seconds to wait before the next request."""

    seconds: float


class LostError(EngineError):
    """The connection was lost, or none could be made: whether a request arrived is not known."""


class UnsentError(EngineError):
    """The client cannot write a value of a request, and nothing was sent."""


#: What an index does: yields requests and pauses, is sent responses, returns a result.
Operation = Generator[Request | Pause, Response | None, _T]


def ask(
    method: str, path: str, params: Mapping[str, Any] = _NONE, body: Any = None
) -> Operation[Response]:
    """Send one request."""
    response = yield Request(method, path, params, body)
    if response is None:
        raise TypeError("a request was answered with nothing")
    return response


def error_of(body: Any) -> Mapping[str, Any]:
    """What an answer, or the part of one, says of an error."""
    error = body.get("error") if isinstance(body, Mapping) else None
    return error if isinstance(error, Mapping) else {"reason": str(error)} if error else {}


class Port(Protocol):
    """Sends requests with a client of one family."""

    #: ``elasticsearch`` or ``opensearch``.
    family: str

    def arguments(self, request: Request) -> dict[str, Any]:
        """The request as the client's own method takes it."""

    def perform(self, **arguments: Any) -> Any:
        """Send it: the answer, or an awaitable of it."""

    def response(self, answer: Any) -> Response:
        """The client's answer."""

    def failure(self, error: Exception) -> Response:
        """The answer that the client raised as an error; raises whatever is none."""


class ElasticsearchPort:
    """elasticsearch-py, sync or async."""

    family = "elasticsearch"

    def __init__(self, client: Any) -> None:
        self.perform = client.perform_request

    def arguments(self, request: Request) -> dict[str, Any]:
        """See `Port.arguments`."""
        headers = {"accept": "application/json"}
        if request.body is not None:
            lines = isinstance(request.body, list)
            headers["content-type"] = f"application/{'x-ndjson' if lines else 'json'}"
        return {
            "method": request.method,
            "path": request.path,
            "params": dict(request.params) or None,
            "headers": headers,
            "body": request.body,
        }

    def response(self, answer: Any) -> Response:
        """See `Port.response`."""
        return Response(answer.meta.status, answer.body)

    def failure(self, error: Exception) -> Response:
        """See `Port.failure`."""
        kinds = _kinds(error)
        if "UnsupportedProductError" in kinds:
            raise _unreadable(error)
        if "ApiError" in kinds:
            said: Any = error
            return Response(int(said.status_code), said.body)
        raise _told(error, kinds)


class OpenSearchPort:
    """opensearch-py, sync or async."""

    family = "opensearch"

    def __init__(self, client: Any) -> None:
        self.perform = client.transport.perform_request
        self._dumps = client.transport.serializer.dumps

    def arguments(self, request: Request) -> dict[str, Any]:
        """See `Port.arguments`."""
        body, headers = request.body, None
        if isinstance(body, list):  # this client leaves the lines to whoever calls it
            body = "".join(f"{self._dumps(line)}\n" for line in body)
            headers = {"content-type": "application/x-ndjson"}
        params = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in request.params.items()
        }
        return {
            "method": request.method,
            "url": request.path,
            "params": params,
            "headers": headers,
            "body": body,
        }

    def response(self, answer: Any) -> Response:
        """See `Port.response`."""
        return Response(200, answer)

    def failure(self, error: Exception) -> Response:
        """See `Port.failure`."""
        kinds = _kinds(error)
        if "TransportError" in kinds and "ConnectionError" not in kinds:
            said: Any = error
            return Response(
                int(said.status_code), said.info if said.info is not None else str(said)
            )
        raise _told(error, kinds)


#: The port for each client by the package that its class, or one that it extends, is defined in.
_PORTS: dict[str, type[ElasticsearchPort] | type[OpenSearchPort]] = {
    "elasticsearch": ElasticsearchPort,
    "opensearchpy": OpenSearchPort,
}
_CLIENTS = ("elastic_transport", *_PORTS)


def port_of(client: Any, *, awaited: bool) -> Port:
    """The port for a client; `ConfigError` says which clients there are."""
    for kind in type(client).__mro__:
        family = _PORTS.get(kind.__module__.partition(".")[0])
        if family is None or not (hasattr(client, "transport") and hasattr(client, "info")):
            continue
        if inspect.iscoroutinefunction(client.transport.perform_request) is not awaited:
            other = "ImageIndex" if awaited else "AsyncImageIndex"
            raise ConfigError(f"{type(client).__name__} is a client for {other}; use that")
        return family(client)
    raise ConfigError(
        f"client must be one of elasticsearch-py or opensearch-py, not {type(client).__name__}; "
        "pip install imgsig[elasticsearch] or imgsig[opensearch]"
    )


def _kinds(error: Exception) -> set[str]:
    """Names of the client's own classes that an error is of."""
    return {
        kind.__name__
        for kind in type(error).__mro__
        if kind.__module__.partition(".")[0] in _CLIENTS
    }


def _told(error: Exception, kinds: set[str]) -> Exception:
    """What an error of the connection means; any other error stays itself."""
    if "ConnectionTimeout" in kinds:
        return EngineError(
            "the engine did not answer in time: it is overloaded, or has stopped. See its log; "
            "give the client a longer request_timeout if it is only slow"
        )
    if kinds & {"TlsError", "SSLError"}:
        return EngineError(
            f"no secure connection to the engine could be made ({_short(error)}); see that it "
            "speaks TLS, and give the client the cluster's ca_certs, and a name that its "
            "certificate has"
        )
    if "ConnectionError" in kinds:
        return LostError(
            f"the engine cannot be reached ({_short(error)}); see that it runs, and that the "
            "client's hosts name it"
        )
    if "SerializationError" in kinds:
        return _unwritable(error) or _unreadable(error)
    return error


def _unwritable(error: Exception) -> UnsentError | None:
    """What an error of writing a request means; None for one of reading an answer.

    elasticsearch-py says which it is. opensearch-py raises what it could not write, or the text
    that it could not read, each before the cause.
    """
    told = error.args[0] if error.args else ""
    if isinstance(told, str) and "Unable to serialize" not in told:
        return None
    reason = str((getattr(error, "errors", ()) or error.args)[-1])
    return UnsentError(
        f"nothing was sent: the client cannot write a value as JSON ({reason[:200]}); give texts, "
        "numbers, booleans, dates, and lists and mappings of these"
    )


def _unreadable(error: Exception) -> EngineError:
    return EngineError(
        f"what answers is no engine that this client speaks to ({_short(error)}); see what its "
        "hosts lead to"
    )


def _short(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]


def run(port: Port, operation: Operation[_T]) -> _T:
    """Run an operation with a client that answers at once."""
    step = _Step(operation)
    while not step.ended:
        if isinstance(step.wanted, Pause):
            time.sleep(step.wanted.seconds)
            step.give(None)
            continue
        try:
            response = port.response(port.perform(**port.arguments(step.wanted)))
        except Exception as error:
            step.fail(port, error)
        else:
            step.give(response)
    return step.result()


async def run_async(port: Port, operation: Operation[_T]) -> _T:
    """Run an operation with a client that is awaited.

    What it does between requests, such as encoding what is sent, is done in threads.
    """
    step = await asyncio.to_thread(_Step, operation)
    while not step.ended:
        if isinstance(step.wanted, Pause):
            await asyncio.sleep(step.wanted.seconds)
            await asyncio.to_thread(step.give, None)
            continue
        try:
            response = port.response(await port.perform(**port.arguments(step.wanted)))
        except Exception as error:
            await asyncio.to_thread(step.fail, port, error)
        else:
            await asyncio.to_thread(step.give, response)
    return step.result()


class _Step(Generic[_T]):
    """An operation under way: what it wants next, or its result."""

    wanted: Request | Pause
    _result: _T

    def __init__(self, operation: Operation[_T]) -> None:
        self._operation, self.ended = operation, False
        self.give(None)

    def give(self, response: Response | None) -> None:
        """Go on with an answer."""
        try:
            self.wanted = self._operation.send(response)
        except StopIteration as end:
            self.ended, self._result = True, end.value

    def fail(self, port: Port, error: Exception) -> None:
        """Go on after an error of the client, which may be an answer."""
        try:
            response = port.failure(error)
        except EngineError as told:
            told.__cause__ = error
            try:
                self.wanted = self._operation.throw(told)
            except StopIteration as end:
                self.ended, self._result = True, end.value
        else:
            self.give(response)

    def result(self) -> _T:
        """What it returned."""
        return self._result
