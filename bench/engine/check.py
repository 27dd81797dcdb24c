"""Sees whether a cluster can be worked with, and says what is wrong where it cannot."""

from collections.abc import Mapping
from typing import Any

from elastic_transport import ConnectionError as TransportConnectionError
from elastic_transport import ConnectionTimeout, SerializationError, TlsError
from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    Elasticsearch,
    UnsupportedProductError,
)

from bench.engine.errors import (
    EngineUnauthorisedError,
    EngineUnhealthyError,
    EngineUnreachableError,
    EngineVersionError,
)

MAJOR = 8  # the major version that the client speaks


def check_cluster(client: Elasticsearch, url: str) -> None:
    """See that a cluster answers, lets us in, is of the right version and serves its shards."""
    # Errors are raised "from None": what they come from may quote the request's headers.
    try:
        version = _version(client)
        if version.partition(".")[0] != str(MAJOR):
            raise EngineVersionError(
                f"{url} is Elasticsearch {version}, and {MAJOR}.x is needed: name such a cluster "
                "in ES_URL, or unset ES_URL to use the embedded engine."
            )
        health = client.cluster.health()["status"]
        if health == "red":
            rows: Any = client.cat.indices(health="red", h="index", format="json")
            red = ", ".join(str(row["index"]) for row in list(rows)[:5]) or "(hidden ones)"
            raise EngineUnhealthyError(
                f"The cluster at {url} is red: it cannot serve indices such as {red}. Repair it "
                "first (GET _cluster/allocation/explain says what is wrong)."
            )
    except (AuthenticationException, AuthorizationException) as error:
        raise EngineUnauthorisedError(
            f"{url} answers {error.status_code}: "
            + (
                "it does not know these credentials. Check ES_API_KEY, or ES_USER and ES_PASSWORD."
                if error.status_code == 401
                else "these credentials lack the cluster privilege 'monitor', which is needed."
            )
        ) from None
    except UnsupportedProductError as error:
        raise EngineVersionError(
            f"{url} is not Elasticsearch {MAJOR} (it says {_claim(error.body)}): name such a "
            "cluster in ES_URL."
        ) from None
    except TlsError as error:
        raise EngineUnreachableError(
            f"The certificate of {url} is not trusted: {error.message}. Set ES_CA_CERTS to the PEM "
            "file of the authority that signed it."
        ) from None
    except (TransportConnectionError, ConnectionTimeout) as error:
        raise EngineUnreachableError(
            f"{url} cannot be reached: {error.message}. See that it runs and that ES_URL is right."
        ) from None
    except (ApiError, SerializationError) as error:
        raise EngineUnreachableError(
            f"What answers at {url} does not answer as Elasticsearch does ({type(error).__name__}, "
            f"{getattr(error, 'status_code', 'no JSON')}). See that ES_URL is right."
        ) from None


def _version(client: Elasticsearch) -> str:
    # "*/*" keeps the client from asking for the format of version 8, which an older server
    # answers with an error in which it does not say what it is.
    headers = {"accept": "*/*"}
    try:
        body: Any = client.perform_request("GET", "/", headers=headers).body
    except ApiError as error:
        # The distribution that the embedded engine runs has no "GET /".
        if error.status_code not in (400, 404, 405):
            raise
        body = client.perform_request("GET", "/_nodes/_local/none", headers=headers).body
        return str(next(iter(body["nodes"].values()))["version"])
    try:
        return str(body["version"]["number"])
    except (KeyError, TypeError):
        return f"of unknown version (it says {_claim(body)})"


def _claim(body: Any) -> str:
    version = body.get("version") if isinstance(body, Mapping) else None
    if not isinstance(version, Mapping):
        return "nothing of its version"
    return f"{version.get('distribution', 'version')} {version.get('number')}"
