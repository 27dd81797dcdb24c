"""Speed runs as a kind: signatures timed beside image-match, and the way into an index."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import Progress

from bench.disk.history import History, Past
from bench.index.variant import Variant
from bench.kinds.base import Kind, Outcome
from bench.kinds.plan import (
    TOGETHER,
    RunPlan,
    peak_together,
    plan_pictures,
    planned_index,
    planned_stages,
)
from bench.kinds.speed.config import Speed
from bench.kinds.speed.decode_effect import summary
from bench.kinds.speed.figures import FIGURES
from bench.kinds.speed.measure import STAGES, measure_speed, open_named
from bench.kinds.speed.page import print_goals, speed_listings, speed_verdict
from bench.kinds.speed.pipeline import summarize_stages
from bench.kinds.speed.ratios import summarize_goals
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import Drawing
from bench.report.page import Listing
from bench.report.rounding import confidence
from bench.runs.check import KERNELS, Check, same_table
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset
from datasets.photos import is_fetched


class SpeedKind(Kind[Speed]):
    """Times of tools in alternation on the same files."""

    name = "speed"
    config = Speed
    tells = False  # its progress says as much

    def variants(self, config: Speed) -> list[Variant]:
        return config.expand()

    def dataset(self, config: Speed) -> Dataset:
        return config.quality

    def plan(self, config: Speed, history: History) -> RunPlan:
        images = config.pipeline.images
        pictures = plan_pictures(config.quality, history)
        if config.collection != "photos" or is_fetched():
            open_named(config)
        indices = [
            planned_index(one.index_name, one, images, history, pictures) for one in config.expand()
        ]
        goals = (f"goal-{number}" for number in range(len(config.goals)))
        return RunPlan(
            kind=self.name,
            name=config.name,
            documents=images,
            queries=None,
            indices=tuple(indices),
            stages=planned_stages({f"speed {stage}": 1 for stage in (*goals, *STAGES)}, history),
            peak_bytes=peak_together(indices),
            peak_source=TOGETHER,
            floor=config.engine.disk_floor,
            cautions=pictures.cautions,
        )

    def past(self, folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
        """Each stage once: what it takes does not depend on a number of documents."""
        return Past(units=dict.fromkeys(manifest["seconds"], 1))

    def execute(self, config: Speed, run: RunUnderWay) -> Outcome:
        return measure_speed(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        return FIGURES

    def listings(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
        return speed_listings(folder, manifest)

    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        return speed_verdict(folder)

    def show(
        self, folder: RunFolder, manifest: Mapping[str, Any], console: Console
    ) -> dict[str, Any]:
        print_goals(folder.table("goals"), console, confidence(manifest["config"]["bootstrap"]))
        return super().show(folder, manifest, console)

    def recompute(
        self,
        config: Speed,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        goals = summarize_goals(config, tables["samples"])
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
