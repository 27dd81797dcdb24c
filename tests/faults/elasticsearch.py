"""Elasticsearch misbehaves: what stands between it and the harness answers as it is told."""

from collections.abc import Iterator

from bench.engine import Engine, open_engine
from tests.faults.bulk_faults import bulk_injections
from tests.faults.cluster_faults import cluster_injections
from tests.faults.fault import Fault
from tests.faults.http_proxy import proxy_of
from tests.faults.injection import Injection, Site, inject
from tests.faults.killed_engine import killed_once, killed_run, killed_twice
from tests.faults.search_faults import search_injections
from tests.faults.setting import Setting
from tests.faults.small_kinds import KINDS


def injections() -> list[Injection]:
    """All that is done to one engine."""
    return [*cluster_injections(), *bulk_injections(), *search_injections()]


def injected_faults(engine: Engine, setting: Setting) -> Iterator[Fault]:
    """Stand before an engine and inject all faults into work on it."""
    with proxy_of(engine.url) as proxy:
        for injection in injections():
            setting.advance(injection.injected)
            yield inject(Site(engine.client, proxy, setting.folder), injection)


def elasticsearch_faults(setting: Setting) -> Iterator[Fault]:
    """Inject all faults of Elasticsearch."""
    with open_engine(setting.folder / "engine", heap="512m") as engine:
        yield from injected_faults(engine, setting)
        for kind in ("experiment", *KINDS):
            setting.advance(f"killing the server of a run ({kind})")
            yield killed_run(setting.folder / kind, engine, kind)
    setting.advance("killing servers")
    folder = setting.folder / "killed"
    folder.mkdir(mode=0o711)
    yield killed_twice(folder)
    yield killed_once(folder)
