"""OpenSearch through its own client, behind the names that the harness calls.

The client of Elasticsearch refuses OpenSearch, and that of OpenSearch takes the same requests in
another form: one ``body`` where the former has named arguments. `OpenSearchClient` turns one form
into the other and leaves the sending to opensearch-py.
"""

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import opensearchpy
from elastic_transport import (
    ApiResponseMeta,
    ConnectionTimeout,
    HttpHeaders,
    ListApiResponse,
    ObjectApiResponse,
    SerializationError,
    TlsError,
    TransportError,
)
from elastic_transport import ConnectionError as TransportConnectionError
from elastic_transport.client_utils import basic_auth_to_header, url_to_node_config
from elasticsearch import ApiError
from elasticsearch.exceptions import HTTP_EXCEPTIONS
from elasticsearch.helpers import BulkIndexError
from opensearchpy.helpers.errors import BulkIndexError as OpenSearchBulkIndexError

from bench.engine.received import CountingConnection
from bench.engine.retries import RETRIES, is_safe

#: Connections to a node that are kept open, as many as elasticsearch-py keeps.
_CONNECTIONS = 10
#: Arguments that become the members of a method's body; all others are parts of the path or of the
#: query string.
_MEMBERS = {
    "cluster.put_settings": {"persistent", "transient"},
    "count": {"query"},
    "indices.create": {"aliases", "mappings", "settings"},
    "indices.put_alias": {"filter", "index_routing", "is_write_index", "routing", "search_routing"},
    "indices.put_mapping": {"dynamic", "meta", "properties", "source"},
    "indices.update_aliases": {"actions"},
    "mget": {"docs"},
    "update": {"doc", "doc_as_upsert", "upsert"},
}
#: The one argument that is a method's whole body.
_WHOLE = {"index": "document", "indices.put_settings": "settings", "msearch": "searches"}
#: A search has too many members to name: these are what its body does not hold.
_NOT_IN_SEARCH = {
    "allow_partial_search_results",
    "filter_path",
    "index",
    "preference",
    "request_cache",
    "routing",
    "scroll",
    "search_type",
}
#: Members that have another name in Python.
_NAMES = {"from_": "from", "meta": "_meta", "source": "_source"}
#: Half of a character of two: what a byte that is no UTF-8 becomes in the name of a file.
_LONE = re.compile("[\ud800-\udfff]")


class _Serializer(opensearchpy.JSONSerializer):
    """JSON that is UTF-8 whatever the text: the bulk helper of opensearch-py takes no other."""

    def dumps(self, data: Any) -> Any:
        """Write an object as text; see :class:`opensearchpy.JSONSerializer`."""
        text = super().dumps(data)
        return text if text.isascii() else _LONE.sub(lambda one: f"\\u{ord(one[0]):04x}", text)


class SafeRetryTransport(opensearchpy.Transport):
    """Repeats a request after a lost connection only where twice is the same as once.

    The same rule as that of `bench.engine.client.SafeRetryTransport`, where the reasons stand.
    """

    def perform_request(
        self,
        method: str,
        url: str,
        params: Any = None,
        body: Any = None,
        timeout: Any = None,
        ignore: Any = (),
        headers: Any = None,
    ) -> Any:
        """Perform a request; see :class:`opensearchpy.Transport`."""
        params = dict(params or {})
        retries = params.pop("max_retries", None)
        if retries is None:
            retries = RETRIES if is_safe(method, url) else 0
        while True:
            try:
                # A copy: what is no parameter of the URL is taken out of it.
                return super().perform_request(
                    method, url, dict(params), body, timeout, ignore, headers
                )
            except opensearchpy.ConnectionTimeout:
                raise
            except opensearchpy.ConnectionError:
                if not retries:
                    raise
                retries -= 1


class OpenSearchClient:
    """An OpenSearch, called as the client of Elasticsearch is.

    What it raises are the errors of elasticsearch-py and elastic_transport, by the status of the
    answer or by what went wrong on the way: so that whoever works with an engine has one kind of
    error to handle, whichever engine it is. Answers are those classes' too. opensearch-py tells
    nothing of an answer but its body, and of an error its status: headers and durations are empty.

    Parameters
    ----------
    url : str or sequence of str
        Scheme, host and port of each node.
    request_timeout : float
        Seconds.
    options
        ``basic_auth``, ``ca_certs`` and ``verify_certs``, as of elasticsearch-py.
    """

    def __init__(
        self,
        url: str | Sequence[str],
        *,
        request_timeout: float,
        basic_auth: tuple[str, str] | None = None,
        ca_certs: str | None = None,
        verify_certs: bool = True,
    ) -> None:
        urls = [url] if isinstance(url, str) else list(url)
        tls: dict[str, Any] = {}
        if urls[0].startswith("https:"):
            # Without certificates that are verified a user is warned once, by the harness.
            tls = {"ca_certs": ca_certs, "verify_certs": verify_certs, "ssl_show_warn": False}
        #: The client of OpenSearch.
        self.inner = opensearchpy.OpenSearch(
            urls,
            transport_class=SafeRetryTransport,
            connection_class=CountingConnection,
            serializer=_Serializer(),
            max_retries=0,
            retry_on_status=(),
            pool_maxsize=_CONNECTIONS,
            # opensearch-py encodes credentials in Latin-1, which most passwords do not survive.
            headers={"authorization": basic_auth_to_header(basic_auth)} if basic_auth else None,
            **tls,
        )
        self._node = url_to_node_config(urls[0])
        #: Parameters of every request that are not part of its URL.
        self._options: dict[str, Any] = {"request_timeout": request_timeout}

    def options(
        self,
        *,
        request_timeout: float | None = None,
        max_retries: int | None = None,
        ignore_status: int | Sequence[int] | None = None,
    ) -> "OpenSearchClient":
        """The same client with other options for each request."""
        given = {
            "request_timeout": request_timeout,
            "max_retries": max_retries,
            "ignore": ignore_status,
        }
        other = copy.copy(self)
        other._options = self._options | {k: v for k, v in given.items() if v is not None}
        return other

    def __enter__(self) -> "OpenSearchClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.inner.close()

    def perform_request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> Any:
        """Send any request."""
        query = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in (params or {}).items()
        }
        with self._errors():
            answer = self.inner.transport.perform_request(
                method, path, params=query | self._options, headers=headers, body=body
            )
        return self._wrapped(answer)

    @property
    def indices(self) -> "_Group":
        """Requests about indices."""
        return _Group(self, "indices")

    @property
    def cluster(self) -> "_Group":
        """Requests about the cluster."""
        return _Group(self, "cluster")

    @property
    def nodes(self) -> "_Group":
        """Requests about nodes."""
        return _Group(self, "nodes")

    @property
    def cat(self) -> "_Group":
        """Tables."""
        return _Group(self, "cat")

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):  # of an unfinished object, while it is copied
            raise AttributeError(name)
        return self._method(name)

    def _method(self, name: str) -> Callable[..., Any]:
        called: Any = self.inner
        for part in name.split("."):
            called = getattr(called, part)

        def send(**arguments: Any) -> Any:
            arguments = _with_body(name, arguments)
            with self._errors():
                answer = called(**arguments, params=dict(self._options))
            return self._wrapped(answer)

        return send

    def _meta(self, status: int) -> ApiResponseMeta:
        return ApiResponseMeta(
            status=status, http_version="1.1", headers=HttpHeaders(), duration=0.0, node=self._node
        )

    def _wrapped(self, answer: Any) -> Any:
        kinds: dict[type, Any] = {dict: ObjectApiResponse, list: ListApiResponse}
        kind = kinds.get(type(answer))
        return kind(answer, self._meta(200)) if kind else answer

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Raise the errors of elasticsearch-py in place of opensearch-py's."""
        try:
            yield
        except OpenSearchBulkIndexError as error:
            raise BulkIndexError(str(error.args[0]), error.errors) from error
        except opensearchpy.SerializationError as error:
            raise SerializationError(str(error)) from error
        except opensearchpy.TransportError as error:
            raise self._as_elasticsearch(error) from error

    def _as_elasticsearch(self, error: opensearchpy.TransportError) -> Exception:
        if isinstance(error, opensearchpy.ConnectionError):
            lost: type[TransportError] = TransportConnectionError
            if isinstance(error.info, UnicodeDecodeError):
                lost = SerializationError
            elif isinstance(error, opensearchpy.SSLError):
                lost = TlsError
            elif isinstance(error, opensearchpy.ConnectionTimeout):
                lost = ConnectionTimeout
            return lost(str(error.error), errors=(error,))
        status = int(error.status_code)
        body = error.info if error.info is not None else error.error
        kind = HTTP_EXCEPTIONS.get(status, ApiError)
        return kind(str(error.error), meta=self._meta(status), body=body)


class _Group:
    """The methods of a group, such as ``indices``."""

    def __init__(self, client: OpenSearchClient, name: str) -> None:
        self._client, self._name = client, name

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return self._client._method(f"{self._name}.{name}")


def _with_body(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of opensearch-py's method of a name, from those of elasticsearch-py's.

    None is not given, as elasticsearch-py has it; opensearch-py would send it as a word.

    >>> _with_body("count", {"index": "tester", "query": {"match_all": {}}, "routing": None})
    {'index': 'tester', 'body': {'query': {'match_all': {}}}}
    """
    arguments = {key: value for key, value in arguments.items() if value is not None}
    if (whole := _WHOLE.get(name, "")) in arguments:
        others = {key: value for key, value in arguments.items() if key != whole}
        return others | {"body": arguments[whole]}
    members = set(arguments) - _NOT_IN_SEARCH if name == "search" else _MEMBERS.get(name, set())
    body = {_NAMES.get(key, key): value for key, value in arguments.items() if key in members}
    others = {key: value for key, value in arguments.items() if key not in members}
    return others | {"body": body} if name == "search" or body else others


def streaming_bulk(
    client: OpenSearchClient, actions: Iterable[dict[str, Any]], **options: Any
) -> Iterator[tuple[bool, dict[str, Any]]]:
    """Send bulk requests with opensearch-py's helper; see `bench.engine.client`."""
    with client._errors():
        yield from opensearchpy.helpers.streaming_bulk(
            client.inner, actions, params=dict(client._options), **options
        )
