"""Recompute a sweep: its grid, the engine's confirmation, its front."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.grid import expand
from bench.kinds.sweep.tables import pareto_table
from bench.runs.check import Check, agree, same_table


def check_schemes(
    sweep: Sweep, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Check:
    """Whether every scheme of the grid was simulated, by every ranking."""
    grid = expand(sweep)
    points, problems = tables["sweep"], []
    for ranking in sweep.rankings:
        simulated = set(points.loc[points["ranking"] == ranking, "variant"])
        if missing := sorted(set(grid.schemes) - simulated):
            problems.append(f"{len(missing)} schemes have no {ranking}, first {missing[0]}")
        if unknown := sorted(simulated - set(grid.schemes)):
            problems.append(f"{len(unknown)} schemes are not of the grid, first {unknown[0]}")
    if len(grid.schemes) != manifest["schemes"]:
        problems.append(f"{len(grid.schemes)} schemes, the manifest says {manifest['schemes']}")
    if len(grid.left_out) != len(tables["left_out"]):
        problems.append(f"{len(grid.left_out)} combinations are impossible, not as many left out")
    found = f"{len(grid.schemes)} schemes by {', '.join(sweep.rankings)}"
    return agree("every scheme was simulated", problems, found)


def check_confirmed(tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> Check:
    """Whether the engine's hits were those of the simulator in every index of the sample."""
    confirmed = tables["confirmed"]
    problems = []
    if (hits := int(confirmed["hits"].sum())) != manifest["verified_hits"]:
        problems.append(f"{hits:,} hits, the manifest says {manifest['verified_hits']:,}")
    known = set(tables["sweep"]["variant"])
    problems += [
        f"{name} is not of the sweep" for name in confirmed["variant"] if name not in known
    ]
    found = f"{len(confirmed)} indices, {hits:,} hits"
    return agree("the engine confirmed a sample", problems, found)


def recompute_sweep(
    sweep: Sweep, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Iterator[Check]:
    """See that every scheme is there and was confirmed; choose the front again."""
    yield check_schemes(sweep, tables, manifest)
    yield check_confirmed(tables, manifest)
    yield same_table("pareto", tables["pareto"], pareto_table(tables["sweep"]))
