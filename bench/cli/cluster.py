"""Which cluster a command looks at."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.runs.errors import BenchError

if TYPE_CHECKING:
    from bench.engine import Engine


@contextmanager
def open_cluster(es_url: str | None) -> "Iterator[Engine]":
    """Open the cluster that a command is to look at, see `cluster_environment`."""
    from bench.engine import open_engine
    from datasets.cache import cache_dir

    with open_engine(cache_dir(), env=cluster_environment(es_url)) as engine:
        yield engine


def cluster_environment(es_url: str | None) -> dict[str, str]:
    """The environment with the cluster in it that a command is to look at."""
    from bench.engine import engine_status

    env = dict(os.environ)
    if es_url:
        env["ES_URL"] = es_url
    if not env.get("ES_URL"):
        running = [state for state in engine_status() if state.kept]
        if not running:
            raise BenchError(
                "no cluster to look at: give --es-url, set ES_URL, or leave an engine running "
                "with 'imgsig-bench run CONFIG --keep-engine'"
            )
        env["ES_URL"] = running[-1].url
    return env
