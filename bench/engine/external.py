"""A cluster that runs elsewhere, named by the environment."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bench.engine.errors import notice
from imgsig.cluster import ClusterSettings

if TYPE_CHECKING:
    from bench.engine.client import Client


def settings_from(env: Mapping[str, str], prefix: str = "") -> ClusterSettings:
    """Settings from the environment; the password of an embedded engine is found by its address."""
    settings = ClusterSettings.from_env(env, prefix)
    if settings.api_key or settings.basic_auth:
        return settings
    return replace(settings, basic_auth=_of_our_own(settings.url))


def _of_our_own(url: str) -> tuple[str, str] | None:
    """User and password of the embedded engine at a URL, if that is what it leads to."""
    if not url.startswith("http://127.0.0.1:"):  # where they listen, and nowhere else
        return None
    from bench.engine.state import engine_status

    return next((state.credentials for state in engine_status() if state.url == url), None)


@contextmanager
def external_engine(env: Mapping[str, str], prefix: str = "") -> "Iterator[tuple[str, Client]]":
    """Connect to the cluster that the environment names, and see that it can be worked with."""
    from bench.engine.check import check_cluster, identify
    from bench.engine.client import connect

    settings = settings_from(env, prefix)
    for risk in settings.risks():
        notice(risk)
    engine = identify(settings).name
    with connect(settings.url, engine=engine, **settings.options(engine)) as client:
        check_cluster(client, settings)
        yield settings.url, client
