"""The Elasticsearch that experiments run on: one of our own, or a cluster that runs elsewhere.

Examples
--------
>>> from pathlib import Path
>>> from bench.engine import open_engine, terminated_as_exception
>>> with terminated_as_exception(), open_engine(Path("results/run/engine")) as engine:
...     print(engine.describe())  # doctest: +SKIP
"""

from bench.engine.cluster import embedded_cluster
from bench.engine.embedded import embedded_engine
from bench.engine.engine import (
    Engine,
    Terminated,
    engine_status,
    on_engine,
    open_engine,
    start_engine,
    stop_engine,
    terminated_as_exception,
)
from bench.engine.errors import EngineError
from bench.engine.state import EngineState

__all__ = [
    "Engine",
    "EngineError",
    "EngineState",
    "Terminated",
    "embedded_cluster",
    "embedded_engine",
    "engine_status",
    "on_engine",
    "open_engine",
    "start_engine",
    "stop_engine",
    "terminated_as_exception",
]
