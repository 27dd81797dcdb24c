"""Recompute a speed run: its table of goals and its stages, from the samples."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.kinds.speed.config import Speed
from bench.kinds.speed.pipeline import summarize_stages
from bench.kinds.speed.ratios import summarize_goals
from bench.runs.check import Check, same_table


def recompute_speed(
    speed: Speed, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Iterator[Check]:
    """Sum up the times again."""
    yield same_table("goals", tables["goals"], summarize_goals(speed, tables["samples"]))
    stages = summarize_stages(tables["signing"], tables["documents"])
    yield same_table("stages", tables["stages"], stages)
