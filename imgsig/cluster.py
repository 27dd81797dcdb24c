"""A cluster that the environment names: where it is, how to be let in, who answers, and a client.

Nothing here imports a client before one is made: each refuses the other's engine, so who answers is
asked with neither, and completion in a shell does not wait for them.
"""

import base64
import json
import logging
import os
import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from imgsig.errors import ConfigError, EngineError
from imgsig.insecure import insecure

#: Variables of the environment that name a cluster and let one in.
VARIABLES = ("ES_URL", "ES_API_KEY", "ES_USER", "ES_PASSWORD", "ES_CA_CERTS", "ES_VERIFY_CERTS")
_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off")
#: Header of every answer of Elasticsearch since 7.14.
PRODUCT = ("x-elastic-product", "Elasticsearch")
#: What each says of itself in every version: Elasticsearch also before the header of its answers
#: that tells it, OpenSearch also while it does not tell its distribution.
_TAGLINES = {
    "You Know, for Search": "elasticsearch",
    "The OpenSearch Project: https://opensearch.org/": "opensearch",
}
#: How the security of each words that a known user may not ask: it does not say whose it is.
_LACKING = {"is unauthorized for": "elasticsearch", "no permissions for": "opensearch"}
#: Answers that mean "later": too many requests, and a node or shard that is not ready.
BUSY = (429, 503)
#: Times a busy engine is asked, with pauses of 1, 2, 4, … seconds between.
ATTEMPTS = 7
#: What an engine says of an index that it no longer writes to.
BLOCKED = "cluster_block_exception"
#: What an engine says of a request for which its heap has no room.
TRIPPED = "circuit_breaking_exception"
_SECONDS = 60.0
#: What a byte that is no UTF-8 becomes in a variable of the environment.
_LONE = re.compile("[\ud800-\udfff]")
#: Loggers of the clients: they tell of failures that are told here in a sentence.
_LOGGERS = ("elastic_transport", "elasticsearch", "opensearch")


class Answer(NamedTuple):
    """What a cluster answers; the body is None where it is no JSON."""

    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class ClusterSettings:
    """Where a cluster is and how to be let in; secrets are never shown.

    Parameters
    ----------
    url : str
        Scheme, host and port, without credentials.
    api_key : str, optional
        Encoded key, of Elasticsearch alone.
    basic_auth : tuple of str, optional
        User and password.
    ca_certs : str, optional
        File of the authority that signed the cluster's certificate.
    verify_certs : bool
        Whether the certificate is checked.
    prefix : str
        What the names of the variables begin with that it was read from.

    Examples
    --------
    >>> ClusterSettings.from_env({"ES_URL": "http://localhost:9200/"}).url
    'http://localhost:9200'
    """

    url: str
    api_key: str | None = field(default=None, repr=False)
    basic_auth: tuple[str, str] | None = field(default=None, repr=False)
    ca_certs: str | None = None
    verify_certs: bool = True
    prefix: str = ""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ, prefix: str = "") -> "ClusterSettings":
        """Read ES_URL, ES_API_KEY or ES_USER and ES_PASSWORD, ES_CA_CERTS, ES_VERIFY_CERTS.

        Parameters
        ----------
        env : mapping
            The environment.
        prefix : str
            What the names of the variables begin with, such as ``TARGET_``.

        Raises
        ------
        ConfigError
            If they do not describe a cluster.
        """
        at = f"{prefix}ES_"
        key, user, password = (env.get(at + name) for name in ("API_KEY", "USER", "PASSWORD"))
        if key and (user or password):
            raise ConfigError(
                f"{at}API_KEY and {at}USER/{at}PASSWORD are both set: unset one of the two."
            )
        if bool(user) != bool(password):
            raise ConfigError(
                f"{at}USER and {at}PASSWORD go together and one of them is not set: set both."
            )
        for name, value in (("USER", user), ("PASSWORD", password)):
            if _LONE.search(value or ""):
                raise ConfigError(
                    f"{at}{name} is no UTF-8, in which credentials are sent: set it in a terminal "
                    "whose locale is UTF-8."
                )
        if key and not (key.isascii() and key.isprintable() and " " not in key):
            # A header with a line break in it is refused by the client with the key in its message.
            raise ConfigError(
                f"{at}API_KEY holds a space, a line break or what is no ASCII: give the encoded "
                "key, in one line and nothing else."
            )
        ca_certs = env.get(f"{at}CA_CERTS") or None
        if ca_certs and not Path(ca_certs).is_file():
            raise ConfigError(
                f"{at}CA_CERTS names {ca_certs!r}, which is no file: name the PEM file of the "
                "authority that signed the cluster's certificate."
            )
        verified = f"{at}VERIFY_CERTS"
        return cls(
            url=_checked_url(env.get(f"{at}URL", ""), at),
            api_key=key or None,
            basic_auth=(user, password) if user and password else None,
            ca_certs=ca_certs,
            verify_certs=_flag(verified, env.get(verified) or "true"),
            prefix=prefix,
        )

    def options(self, family: str) -> dict[str, Any]:
        """What a client of ``elasticsearch`` or ``opensearch`` is given besides the URL."""
        if family == "opensearch" and self.api_key:
            at = f"{self.prefix}ES_"
            raise ConfigError(
                f"OpenSearch has no API keys: set {at}USER and {at}PASSWORD instead of {at}API_KEY."
            )
        options: dict[str, Any] = {"api_key": self.api_key, "basic_auth": self.basic_auth}
        if self.url.startswith("https:"):
            options |= {"ca_certs": self.ca_certs, "verify_certs": self.verify_certs}
        return {name: value for name, value in options.items() if value is not None}

    def risks(self) -> list[str]:
        """What others on the way could read or pretend, a sentence each."""
        at = f"{self.prefix}ES_"
        if self.url.startswith("http:") and self.authorization and not self._is_here:
            return [f"Credentials go to {self.url} unencrypted; name an https address in {at}URL."]
        if self.url.startswith("https:") and not self.verify_certs:
            return [
                f"{at}VERIFY_CERTS is off: nothing proves that {self.url} is your cluster, and "
                "anyone on the way can read what is sent, credentials too. Name its authority in "
                f"{at}CA_CERTS instead."
            ]
        return []

    @property
    def _is_here(self) -> bool:
        """Whether what is sent does not leave this machine."""
        host = urlsplit(self.url).hostname or ""
        return host in ("localhost", "::1") or host.startswith("127.")

    @property
    def authorization(self) -> dict[str, str]:
        """The header that lets one in; of UTF-8, which opensearch-py's own is not."""
        if self.api_key:
            return {"authorization": f"ApiKey {self.api_key}"}
        if self.basic_auth:
            pair = base64.b64encode(":".join(self.basic_auth).encode())
            return {"authorization": f"Basic {pair.decode()}"}
        return {}

    def ask(self, target: str, seconds: float = _SECONDS) -> Answer:
        """Send a GET request; `OSError` or `HTTPException` where nobody answers."""
        url = urlsplit(self.url)
        connection = HTTPConnection(url.netloc, timeout=seconds)
        if url.scheme == "https":
            connection = HTTPSConnection(url.netloc, timeout=seconds, context=self._tls())
        try:
            asked = {"accept": "application/json", **self.authorization}
            connection.request("GET", url.path + target, headers=asked)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            content = response.read()
        finally:
            connection.close()
        try:
            body = json.loads(content)
        except ValueError:
            body = None
        return Answer(response.status, headers, body)

    def _tls(self) -> ssl.SSLContext:
        authorities = self.ca_certs
        if authorities is None:
            # Whom both clients trust where no authority is named, and bring along; without either
            # the system's authorities suffice to say so.
            with suppress(ImportError):
                import certifi

                authorities = certifi.where()
        context = ssl.create_default_context(cafile=authorities)
        if not self.verify_certs:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context


def _checked_url(url: str, at: str) -> str:
    # Never quoted in an error before it is known to hold no credentials.
    if not url.isprintable() or " " in url:
        raise ConfigError(
            f"{at}URL holds a space, a line break or another sign that cannot be seen: give "
            "scheme, host and port and nothing else, as in https://es.example.org:9200."
        )
    try:
        parts = urlsplit(url)
        port = parts.port
        (parts.hostname or "").encode("idna")  # as it is looked up; a UnicodeError is a ValueError
    except ValueError:
        raise ConfigError(
            f"{at}URL is not a URL: give scheme, host and port, as in https://es.example.org:9200."
        ) from None
    if "@" in url or parts.query or parts.fragment:
        raise ConfigError(
            f"{at}URL holds a user name, a password or parameters. Give scheme, host and port "
            f"only, and put credentials in {at}API_KEY, or in {at}USER and {at}PASSWORD."
        )
    # A '%' begins the zone of an address, which the clients do not take.
    known = parts.scheme in ("http", "https") and parts.hostname and "%" not in parts.netloc
    if not known or port is None:
        raise ConfigError(
            f"{at}URL is {url!r}: give scheme (http or https), host (no zone) and port, as in "
            "https://es.example.org:9200."
        )
    # The scheme decides whether what is sent is encrypted: written one way, it is read one way.
    return f"{parts.scheme}{url[len(parts.scheme) :]}".rstrip("/")


def _flag(name: str, value: str) -> bool:
    if value.lower() in _TRUE + _FALSE:
        return value.lower() in _TRUE
    raise ConfigError(f"{name} is {value!r}: set it to true or false.")


def family_of(headers: Mapping[str, str], body: Any) -> str | None:
    """Whose an answer of ``GET /`` is, ``elasticsearch`` or ``opensearch``; None for a stranger's.

    >>> family_of({}, {"version": {"distribution": "opensearch"}})
    'opensearch'
    """
    said = body if isinstance(body, Mapping) else {}
    version = said.get("version")
    if isinstance(version, Mapping) and version.get("distribution") == "opensearch":
        return "opensearch"
    if headers.get(PRODUCT[0]) == PRODUCT[1]:
        return "elasticsearch"
    return _TAGLINES.get(str(said.get("tagline")))


def family_at(settings: ClusterSettings) -> str:
    """Ask who answers, ``elasticsearch`` or ``opensearch``; `EngineError` where it is neither."""
    url, at = settings.url, f"{settings.prefix}ES_"
    try:
        answer = settings.ask("/")
    except ssl.SSLError as error:
        raise EngineError(insecure(error, url, settings.prefix)) from None
    except (OSError, HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise EngineError(
            f"{url} cannot be reached: {reason}. See that it runs and that {at}URL is right."
        ) from None
    if answer.status == 401:
        raise EngineError(
            f"{url} answers 401: it does not know these credentials. Set {at}API_KEY, or {at}USER "
            f"and {at}PASSWORD.",
            401,
        )
    if answer.status == 403:
        for words, whose in _LACKING.items():
            if words in json.dumps(answer.body):
                return whose
    if family := family_of(answer.headers, answer.body):
        return family
    raise EngineError(
        f"What answers at {url} is no Elasticsearch and no OpenSearch (status {answer.status}). "
        f"See that {at}URL is right, and that no proxy answers in its place."
    )


def connect(settings: ClusterSettings) -> Any:
    """Make a client of whoever answers: of elasticsearch-py or opensearch-py.

    Parameters
    ----------
    settings : ClusterSettings
        Where the cluster is.

    Returns
    -------
    Elasticsearch or OpenSearch
        To be closed.

    Raises
    ------
    ConfigError
        If the client is not installed, or the credentials are of another kind.
    EngineError
        If nobody answers, or who answers is neither.
    """
    family = family_at(settings)
    options = settings.options(family)
    for name in _LOGGERS:
        logging.getLogger(name).addHandler(logging.NullHandler())
    if "verify_certs" in options:
        options["ssl_show_warn"] = False  # `risks` says it
    try:
        if family == "opensearch":
            from opensearchpy import OpenSearch

            options.pop("basic_auth", None)
            return OpenSearch(
                settings.url, timeout=_SECONDS, headers=settings.authorization, **options
            )
        from elasticsearch import Elasticsearch

        return Elasticsearch(settings.url, request_timeout=_SECONDS, **options)
    except ImportError as error:
        raise ConfigError(
            f"{settings.url} is {family}, and its client is not installed: pip install "
            f"imgsig[{family}]"
        ) from error
