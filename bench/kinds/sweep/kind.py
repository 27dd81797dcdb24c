"""Sweeps as a kind of run: word schemes simulated, a sample of them confirmed by the engine."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.progress import Progress

from bench.disk.history import History, Past
from bench.kinds.base import Kind, Outcome
from bench.kinds.plan import Plan
from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.figures import FIGURES
from bench.kinds.sweep.measure import measure_sweep
from bench.kinds.sweep.page import sweep_verdict, write_sweep_page
from bench.kinds.sweep.past import sweep_past
from bench.kinds.sweep.plan import plan_sweep
from bench.kinds.sweep.recompute import recompute_sweep
from bench.kinds.sweep.word_figures import FIGURES as WORD_FIGURES
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import Drawing
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

    def dataset(self, config: Sweep) -> Dataset:
        return config.dataset

    def plan(self, config: Sweep, history: History) -> Plan:
        return plan_sweep(config, history)

    def past(self, folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
        return sweep_past(folder, manifest)

    def execute(self, config: Sweep, run: RunUnderWay) -> Outcome:
        return measure_sweep(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        return FIGURES | WORD_FIGURES

    def page(
        self, folder: RunFolder, manifest: Mapping[str, Any], svgs: Mapping[str, bytes]
    ) -> None:
        write_sweep_page(folder, manifest, svgs)

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
