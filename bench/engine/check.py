"""Who answers at a URL, and whether it can be worked with; asked with the client of neither engine.

Each client refuses the other's engine, and refuses it before it has said what it is.
"""

import ssl
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from elastic_transport import (
    ApiResponseMeta,
    ConnectionTimeout,
    NodeConfig,
    SerializationError,
    TlsError,
    Transport,
)
from elastic_transport import ConnectionError as TransportConnectionError
from elastic_transport.client_utils import url_to_node_config
from elasticsearch import ApiError, UnsupportedProductError

from bench.engine.catalog import TITLES, titled
from bench.engine.client import (
    FORBIDDEN,
    REQUEST_TIMEOUT,
    SERVERLESS,
    Client,
    error_of,
    explain,
    is_incompatible,
    is_serverless,
    unauthorised,
)
from bench.engine.errors import (
    EngineUnauthorisedError,
    EngineUnhealthyError,
    EngineUnreachableError,
    EngineVersionError,
)
from bench.engine.retries import RETRIES
from imgsig.cluster import ClusterSettings, family_of
from imgsig.errors import ConfigError
from imgsig.insecure import insecure

#: Major versions that can be worked with.
SUPPORTED = {"elasticsearch": (8, 9), "opensearch": (2, 3)}
_NEEDED = "Elasticsearch 8 or 9, or OpenSearch 2 or 3, is needed"
#: Seconds between questions whether a cluster is red.
_RED_PAUSES = (0.2, 0.4, 0.8, 1.6)
#: What an OpenSearch says that it is while it pretends to be Elasticsearch.
_PRETENDED = "7.10.2"


@dataclass(frozen=True)
class Identity:
    """Who answers, ``elasticsearch`` or ``opensearch``; `version` is "" where it is not told."""

    name: str
    version: str


def identify(cluster: ClusterSettings) -> Identity:
    """Ask who answers; `EngineError` where it is nobody who can be worked with."""
    headers = {"accept": "application/json", **cluster.authorization}
    try:
        node = url_to_node_config(cluster.url)
    except ValueError:
        raise ConfigError(
            f"{cluster.prefix}ES_URL is {cluster.url!r}, which the client does not take: give "
            "scheme, host and port, as in https://es.example.org:9200."
        ) from None
    if cluster.url.startswith("https:"):
        node = node.replace(ca_certs=cluster.ca_certs, verify_certs=cluster.verify_certs)
    ask = partial(_ask, node, headers)
    with _explained(cluster):
        meta, body = ask("/")
        # Elasticsearch's distribution for embedded use has no "GET /".
        if meta.status in (400, 404, 405) and not is_incompatible(_as_error(meta, body)):
            meta, body = ask("/_nodes/_local/none")
        # Security that refuses does not say whose it is. Only Elasticsearch words it like this.
        if meta.status == FORBIDDEN and "is unauthorized for" in str(error_of(body).get("reason")):
            return Identity("elasticsearch", "")
        if not 200 <= meta.status < 300:
            raise _as_error(meta, body)
        return _answering(cluster, meta, body)


def _ask(node: NodeConfig, headers: dict[str, str], path: str) -> tuple[ApiResponseMeta, Any]:
    transport = Transport([node])
    with warnings.catch_warnings():
        # Of certificates that are not verified: whoever connects next is warned of them.
        warnings.simplefilter("ignore")
        try:
            return transport.perform_request(
                "GET", path, headers=headers, max_retries=RETRIES, request_timeout=REQUEST_TIMEOUT
            )
        finally:
            transport.close()


def _as_error(meta: ApiResponseMeta, body: Any) -> ApiError:
    return ApiError("refused", meta=meta, body=body)


def _answering(cluster: ClusterSettings, meta: ApiResponseMeta, body: Any) -> Identity:
    url, name_one = cluster.url, _name_one(cluster)
    said = _version_of(body)
    number, name = str(said.get("number")), family_of(meta.headers, body)
    if name is None:
        raise EngineVersionError(
            f"{url} is not Elasticsearch or OpenSearch (it says {_claim(said)}), and {_NEEDED}: "
            f"{name_one}."
        )
    if name == "opensearch" and number == _PRETENDED:
        raise EngineVersionError(
            f"{url} is an OpenSearch in compatibility mode: it says that its version is "
            f"{_PRETENDED}, and not which it is. Switch that off on the cluster: set "
            "compatibility.override_main_response_version to false in its settings "
            "(PUT _cluster/settings)."
        )
    if said.get("build_flavor") == "serverless":
        raise EngineVersionError(f"{url} is {SERVERLESS} in {cluster.prefix}ES_URL.")
    if not said:
        raise EngineVersionError(
            f"{url} is {TITLES[name]} of unknown version (it says nothing of its version), and "
            f"{_NEEDED}: {name_one}."
        )
    major = number.partition(".")[0]
    if major not in map(str, SUPPORTED[name]):
        raise EngineVersionError(f"{url} is {titled(name, number)}, and {_NEEDED}: {name_one}.")
    return Identity(name, number)


def _version_of(body: Any) -> Mapping[str, Any]:
    """What an answer of ``GET /``, or of the node that was asked, says of its version."""
    if not isinstance(body, Mapping):
        return {}
    if isinstance(body.get("nodes"), Mapping) and body["nodes"]:
        return {"number": next(iter(body["nodes"].values())).get("version")}
    version = body.get("version")
    return version if isinstance(version, Mapping) else {}


def _claim(said: Mapping[str, Any]) -> str:
    if not said:
        return "nothing of its version"
    return f"{said.get('distribution', 'version')} {said.get('number')}"


def _health(client: Client) -> Any:
    """Status of a cluster. An index that is being created makes it red for a moment."""
    for pause in _RED_PAUSES:
        if (health := client.cluster.health().get("status")) != "red":
            return health
        time.sleep(pause)
    return client.cluster.health().get("status")


def check_cluster(client: Client, cluster: ClusterSettings) -> None:
    """See that a cluster that was identified lets us in and serves its shards."""
    with _explained(cluster):
        try:
            health = _health(client)
        except ApiError as error:
            if error.status_code != FORBIDDEN:
                raise
            return  # whoever works with an index sees whether its shards are served
        if health not in ("green", "yellow", "red"):
            raise EngineUnreachableError(_no_engine(cluster, f"health {health!r}"))
        if health == "red":
            rows: Any = client.cat.indices(health="red", h="index", format="json")
            red = ", ".join(str(row["index"]) for row in list(rows)[:5]) or "(hidden ones)"
            raise EngineUnhealthyError(
                f"The cluster at {cluster.url} is red: it cannot serve indices such as {red}. "
                "Repair it first (GET _cluster/allocation/explain says what is wrong)."
            )


@contextmanager
def _explained(cluster: ClusterSettings) -> Iterator[None]:
    """Say what errors of the first requests to a cluster mean."""
    url, at = cluster.url, f"{cluster.prefix}ES_"
    # Errors are raised "from None": what they come from may quote the request's headers.
    try:
        yield
    except UnsupportedProductError as error:
        raise EngineVersionError(
            f"{url} is not Elasticsearch (it says {_claim(_version_of(error.body))}), and "
            f"{_NEEDED}: {_name_one(cluster)}."
        ) from None
    except ApiError as error:
        raise _refusal(cluster, error) from None
    except TlsError as error:
        raise EngineUnreachableError(_insecure(cluster, error)) from None
    except (TransportConnectionError, ConnectionTimeout) as error:
        raise EngineUnreachableError(
            f"{url} cannot be reached: {error.message}. See that it runs and that {at}URL is right."
        ) from None
    except SerializationError:
        raise EngineUnreachableError(_no_engine(cluster, "SerializationError, no JSON")) from None


def _insecure(cluster: ClusterSettings, error: TlsError) -> str:
    """Why there is no secure connection: what TLS itself said, which clients wrap repeatedly."""
    wrapped: list[Exception] = [error]
    for one in wrapped:
        if isinstance(one, ssl.SSLError):
            return insecure(one, cluster.url, cluster.prefix)
        inner = (*getattr(one, "errors", ()), *one.args)
        wrapped += [part for part in inner if isinstance(part, Exception)]
    at = f"{cluster.prefix}ES_"
    return (
        f"No secure connection to {cluster.url} can be made: {error.message}. See that "
        f"{at}CA_CERTS names the authority of its certificate, and that {at}URL has a name that "
        "it has."
    )


def _refusal(cluster: ClusterSettings, error: ApiError) -> Exception:
    url = cluster.url
    said = f"{url}: {explain(error, cluster.prefix)}."
    if error.status_code == 401:
        return EngineUnauthorisedError(f"{url} answers 401: {unauthorised(cluster.prefix)}.")
    if error.status_code == FORBIDDEN:
        return EngineUnauthorisedError(said)
    if is_incompatible(error) or is_serverless(error):
        return EngineVersionError(said)
    return EngineUnreachableError(
        _no_engine(cluster, f"{type(error).__name__}, {error.status_code}")
    )


def _no_engine(cluster: ClusterSettings, said: str) -> str:
    return (
        f"What answers at {cluster.url} does not answer as Elasticsearch or OpenSearch does "
        f"({said}). See that {cluster.prefix}ES_URL is right."
    )


def _name_one(cluster: ClusterSettings) -> str:
    at = f"{cluster.prefix}ES_URL"
    return f"name such a cluster in {at}, or unset {at} to use the embedded engine"
