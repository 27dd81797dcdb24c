"""Recompute a node run: sums over shards, answers beside each other, all that follows from them."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.kinds.nodes.config import Nodes
from bench.kinds.nodes.copies import check_sums
from bench.kinds.nodes.measure import derived_tables
from bench.kinds.nodes.recovery import check_lost
from bench.kinds.nodes.searching import check_alike
from bench.runs.check import KERNELS, Check, agree, same_tables


def recompute_nodes(
    config: Nodes, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Iterator[Check]:
    """Compute all tables again from the raw ones."""
    yield check_sums(tables["indices"], tables["shards"])
    yield check_alike(tables["answers"])
    yield _confirmed(tables, manifest)
    again = derived_tables(config, dict(tables))
    yield check_lost(tables["lost"], again["gone"])
    yield from same_tables(tables, again, KERNELS)


def _confirmed(tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> Check:
    """Whether as many hits were compared with the exact ones as there are."""
    there, told = len(tables["answers"]), manifest["verified_hits"]
    problems = [] if there == told else [f"{there:,} hits, the manifest says {told:,}"]
    return agree("every hit is one that was computed", problems, f"{there:,} hits")
