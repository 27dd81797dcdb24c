"""Sweeps as a kind of run: word schemes simulated, a sample of them confirmed by the engine."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.progress import Progress

from bench.disk.history import History, Past
from bench.kinds.base import Kind, Outcome
from bench.kinds.plan import (
    TOGETHER,
    RunPlan,
    peak_together,
    plan_pictures,
    planned_index,
    planned_stages,
    times,
    total,
)
from bench.kinds.sweep.config import DROP, Sweep
from bench.kinds.sweep.figures import sweep_figures
from bench.kinds.sweep.grid import check_sample, expand, sampled
from bench.kinds.sweep.measure import measure_sweep
from bench.kinds.sweep.page import sweep_listings, sweep_verdict
from bench.kinds.sweep.recompute import recompute_sweep
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import Drawing
from bench.report.page import Listing
from bench.runs.check import Check
from bench.runs.errors import ExperimentError
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset


class SweepKind(Kind[Sweep]):
    """Hundreds of ways of taking words, simulated; bytes predicted from those that were indexed."""

    name = "sweep"
    config = Sweep

    def refuse_kept_engine(self, config: Sweep) -> None:
        if not config.live.keep:
            raise ExperimentError(
                "live.keep is false, so no index would be left in an engine that is kept; leave "
                "out one of the two"
            )

    def layouts(self, config: Sweep) -> set[str]:
        return {sample.layout for sample in config.live.samples}

    def dataset(self, config: Sweep) -> Dataset:
        return config.dataset

    def plan(self, config: Sweep, history: History) -> RunPlan:
        grid = expand(config)
        check_sample(config, grid)
        pictures = plan_pictures(config.dataset, history, searches=True)
        documents, queries = pictures.documents, pictures.queries
        live = sampled(config, grid)
        indices = [
            planned_index(
                one.index_name,
                one,
                documents,
                history,
                pictures,
                scheme=name,
            )
            for name, one in live
        ]
        pairs = times(len(grid.schemes), times(queries or 0, documents) if queries else None)
        units = {
            "sign": total(documents, queries),
            "sweep simulate": pairs,
            "sweep words": documents,
            "start": 1,
            "sweep index": times(len(live), documents),
            "sweep settle": times(len(live), documents),
            "sweep confirm": times(len(live), queries),
            "sweep report": 1,
        }
        return RunPlan(
            kind=self.name,
            name=config.name,
            documents=documents,
            queries=queries,
            indices=tuple(indices),
            stages=planned_stages(units, history),
            peak_bytes=peak_together(indices),
            peak_source=TOGETHER,
            simulated=tuple(grid.schemes),
            floor=config.engine.disk_floor,
            cautions=pictures.cautions,
            drop=DROP if config.live.keep else "",
        )

    def past(self, folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
        """Sizes of words alone, measured or predicted; and what each stage did."""
        dataset, live = manifest["dataset"], len(folder.table("confirmed"))
        documents, queries = dataset["documents"], dataset["queries"]
        words = {
            (str(row["variant"]), str(row["layout"])): float(row["bytes_per_document"])
            for row in folder.table("sizes").to_dict("records")
        }
        units = {
            "simulate": manifest["schemes"] * documents * queries,
            "words": documents,
            "index": live * documents,
            "settle": live * documents,
            "confirm": live * queries,
        }
        return Past(words=words, units=units)

    def execute(self, config: Sweep, run: RunUnderWay) -> Outcome:
        return measure_sweep(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        return sweep_figures(folder)

    def listings(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
        return sweep_listings(folder)

    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        return sweep_verdict(folder, manifest)

    def recompute(
        self,
        config: Sweep,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        return recompute_sweep(config, tables, manifest)
