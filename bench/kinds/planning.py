"""What a config means before it is run."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bench.engine.folder import place
from bench.kinds.history import read_history
from bench.kinds.plan import Plan
from bench.kinds.registry import kind_of
from datasets.cache import cache_dir


def plan_run(path: Path, results: Path, env: Mapping[str, str] = os.environ) -> Plan:
    """Plan a run."""
    kind = kind_of(path)
    plan = kind.plan(kind.load(path), read_history(results))
    if env.get("ES_URL") or not plan.indices:
        return plan
    # The run's own folder has a name of its own in there, on the same disk.
    return replace(plan, where=place(results / "run", cache_dir()))
