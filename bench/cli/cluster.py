"""Which cluster a command looks at."""

import os

from bench.engine import engine_status
from bench.errors import BenchError


def cluster_environment(es_url: str | None) -> dict[str, str]:
    """The environment with the cluster in it that a command is to look at.

    Parameters
    ----------
    es_url : str or None
        What the user named; else ``ES_URL``, else the engine that was kept last.

    Returns
    -------
    dict
        With ``ES_URL``.

    Raises
    ------
    BenchError
        If there is none.
    """
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
