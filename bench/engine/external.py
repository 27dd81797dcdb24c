"""A cluster that runs elsewhere, named by the environment."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bench.engine.errors import ExternalSettingsError, notice

#: Variables of the environment that name a cluster and let one in.
VARIABLES = ("ES_URL", "ES_API_KEY", "ES_USER", "ES_PASSWORD", "ES_CA_CERTS", "ES_VERIFY_CERTS")
_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off")

if TYPE_CHECKING:
    from bench.engine.client import Client


@dataclass(frozen=True)
class ExternalSettings:
    """Where a cluster is and how to be let in; secrets are never shown.

    The `url` is scheme, host and port, without credentials; `ca_certs` is the file of the authority
    that signed the cluster's certificate.
    """

    url: str
    api_key: str | None = field(default=None, repr=False)
    basic_auth: tuple[str, str] | None = field(default=None, repr=False)
    ca_certs: str | None = None
    verify_certs: bool = True

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "ExternalSettings":
        """Read ES_URL, ES_API_KEY or ES_USER and ES_PASSWORD, ES_CA_CERTS, ES_VERIFY_CERTS."""
        key, user, password = (env.get(f"ES_{n}") for n in ("API_KEY", "USER", "PASSWORD"))
        if key and (user or password):
            raise ExternalSettingsError(
                "ES_API_KEY and ES_USER/ES_PASSWORD are both set: unset one of the two."
            )
        if bool(user) != bool(password):
            raise ExternalSettingsError(
                "ES_USER and ES_PASSWORD go together and one of them is not set: set both."
            )
        if key and not (key.isascii() and key.isprintable() and " " not in key):
            # A header with a line break in it is refused by the client with the key in its message.
            raise ExternalSettingsError(
                "ES_API_KEY holds a space, a line break or what is no ASCII: give the encoded key, "
                "in one line and nothing else."
            )
        ca_certs = env.get("ES_CA_CERTS") or None
        if ca_certs and not Path(ca_certs).is_file():
            raise ExternalSettingsError(
                f"ES_CA_CERTS names {ca_certs!r}, which is no file: name the PEM file of the "
                "authority that signed the cluster's certificate."
            )
        url = _checked_url(env.get("ES_URL", ""))
        given = (user, password) if user and password else None
        return cls(
            url=url,
            api_key=key or None,
            basic_auth=given if given or key else _of_our_own(url),
            ca_certs=ca_certs,
            verify_certs=_flag("ES_VERIFY_CERTS", env.get("ES_VERIFY_CERTS") or "true"),
        )

    @property
    def options(self) -> dict[str, Any]:
        """What `bench.engine.client.connect` is given besides the URL."""
        options: dict[str, Any] = {"api_key": self.api_key, "basic_auth": self.basic_auth}
        if self.url.startswith("https:"):
            options |= {"ca_certs": self.ca_certs, "verify_certs": self.verify_certs}
        return {name: value for name, value in options.items() if value is not None}


def _of_our_own(url: str) -> tuple[str, str] | None:
    """User and password of the embedded engine at a URL, if that is what it leads to."""
    if not url.startswith("http://127.0.0.1:"):  # where they listen, and nowhere else
        return None
    from bench.engine.state import engine_status

    return next((state.credentials for state in engine_status() if state.url == url), None)


def _checked_url(url: str) -> str:
    # Never quoted in an error before it is known to hold no credentials.
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ExternalSettingsError(
            "ES_URL is not a URL: give scheme, host and port, as in https://es.example.org:9200."
        ) from None
    if "@" in url or parts.query or parts.fragment:
        raise ExternalSettingsError(
            "ES_URL holds a user name, a password or parameters. Give scheme, host and port only, "
            "and put credentials in ES_API_KEY, or in ES_USER and ES_PASSWORD."
        )
    if parts.scheme not in ("http", "https") or not parts.hostname or port is None:
        raise ExternalSettingsError(
            f"ES_URL is {url!r}: give scheme (http or https), host and port, as in "
            "https://es.example.org:9200."
        )
    return url.rstrip("/")


def _flag(name: str, value: str) -> bool:
    if value.lower() in _TRUE + _FALSE:
        return value.lower() in _TRUE
    raise ExternalSettingsError(f"{name} is {value!r}: set it to true or false.")


@contextmanager
def external_engine(env: Mapping[str, str]) -> "Iterator[tuple[str, Client]]":
    """Connect to the cluster that the environment names, and see that it can be worked with."""
    from bench.engine.check import check_cluster, identify
    from bench.engine.client import connect

    settings = ExternalSettings.from_env(env)
    secret = settings.api_key or settings.basic_auth
    if secret and settings.url.startswith("http:"):
        notice(f"Credentials go to {settings.url} unencrypted; name an https address in ES_URL.")
    if settings.url.startswith("https:") and not settings.verify_certs:
        notice(
            f"ES_VERIFY_CERTS is off: nothing proves that {settings.url} is your cluster, and "
            "anyone on the way can read what is sent, credentials too. Name its authority in "
            "ES_CA_CERTS instead."
        )
    engine = identify(settings.url, **settings.options).name
    with connect(settings.url, engine=engine, **settings.options) as client:
        check_cluster(client, settings.url)
        yield settings.url, client
