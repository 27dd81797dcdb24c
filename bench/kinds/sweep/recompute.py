"""Recompute a sweep: its grid, the engine's confirmation, its front."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.kinds.sweep.checks import check_confirmed, check_schemes
from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.tables import pareto_table
from bench.runs.check import Check, same_table


def recompute_sweep(
    sweep: Sweep, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Iterator[Check]:
    """See that every scheme is there and was confirmed; choose the front again."""
    yield check_schemes(sweep, tables, manifest)
    yield check_confirmed(tables, manifest)
    yield same_table("pareto", tables["pareto"], pareto_table(tables["sweep"]))
