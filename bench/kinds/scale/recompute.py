"""Recompute a scale run: its fits and what they project."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.kinds.scale.config import Scale
from bench.kinds.scale.tables import bytes_check, projections_table, reported_table
from bench.runs.check import Check, same_table
from bench.sizes.fit import fits_table


def recompute_scale(
    scale: Scale, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Iterator[Check]:
    """Fit the sizes again, and project them again."""
    sizes = tables["sizes"]
    fits, best = fits_table(sizes, scale.confidence)
    yield same_table("fits", tables["fits"], fits)
    yield same_table("projections", tables["projections"], projections_table(best, scale))
    yield same_table("reported", tables["reported"], reported_table(best, scale))
    if "synthetic_check" in tables:
        of_bytes = bytes_check(sizes, scale.synthetic.bytes_tolerance)
        stored = tables["synthetic_check"].tail(len(of_bytes)).reset_index(drop=True)
        yield same_table("synthetic_check", stored, of_bytes)
