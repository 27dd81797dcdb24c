"""The engine that experiments run on: one of our own, or a cluster that runs elsewhere.

Examples
--------
>>> from pathlib import Path
>>> from bench.engine import open_engine, terminated_as_exception
>>> with terminated_as_exception(), open_engine(Path("results/run/engine")) as engine:
...     print(engine.describe())  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.engine.cluster import embedded_cluster
    from bench.engine.engine import (
        Engine,
        Terminated,
        on_engine,
        open_engine,
        start_engine,
        terminated_as_exception,
    )
    from bench.engine.errors import EngineError
    from bench.engine.state import EngineState, engine_status
    from bench.engine.stopping import stop_engine
else:

    def __getattr__(name: str) -> Any:
        # Imported when first asked for: Tab completion must not wait for the client.
        if name in __all__:
            # The first take the least to import.
            for module in ("errors", "state", "stopping", "engine"):
                found = vars(import_module(f"bench.engine.{module}"))
                if name in found:
                    return found[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Engine",
    "EngineError",
    "EngineState",
    "Terminated",
    "embedded_cluster",
    "engine_status",
    "on_engine",
    "open_engine",
    "start_engine",
    "stop_engine",
    "terminated_as_exception",
]
