"""Recompute a speed run: goals, stages and loads from samples, reductions from photographs."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.kinds.speed.config import Speed
from bench.kinds.speed.decode_effect import summary
from bench.kinds.speed.pipeline import summarize_stages
from bench.kinds.speed.ratios import summarize_goals
from bench.runs.check import KERNELS, Check, same_table


def recompute_speed(
    speed: Speed, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Iterator[Check]:
    """Sum up the times again."""
    goals = summarize_goals(speed, tables["samples"])
    yield same_table("goals", tables["goals"], goals, KERNELS)
    stages = summarize_stages(tables["signing"], tables["documents"])
    yield same_table("stages", tables["stages"], stages)
    yield same_table("reductions", tables["reductions"], summary(tables["effect"]))
    loads = tables["loads"]
    keys = ["variant", "workers", "repetition"]
    peaks = tables["memory"].groupby(keys)["pss_bytes"].max()
    again = loads.assign(
        images_per_second=loads["images"] / loads["seconds"],
        peak_bytes=peaks.reindex(pd.MultiIndex.from_frame(loads[keys])).to_numpy(),
    )
    yield same_table("loads", loads, again)
