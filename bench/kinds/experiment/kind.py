"""Experiments as a kind of run: variants indexed, measured, searched and evaluated."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import Progress

from bench.disk.history import History, Past
from bench.index.variant import Variant
from bench.kinds.base import Kind, Outcome
from bench.kinds.experiment.config import Experiment
from bench.kinds.experiment.measure import measure_experiment
from bench.kinds.experiment.past import experiment_past
from bench.kinds.experiment.plan import plan_experiment
from bench.kinds.experiment.recompute import recompute_experiment
from bench.kinds.plan import Plan
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import Drawing
from bench.report.experiment_pages import figures_of, write_pages
from bench.report.summary import summarize, verdict
from bench.report.terminal import print_summary, row_data
from bench.runs.check import Check
from bench.runs.errors import ExperimentError
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset


class ExperimentKind(Kind[Experiment]):
    """One index a variant; bytes, hits and what they are worth."""

    name = "experiment"
    config = Experiment

    def refuse_kept_engine(self, config: Experiment) -> None:
        if not config.index.keep:
            raise ExperimentError(
                "index.keep is false, so no index would be left in an engine that is kept; leave "
                "out one of the two"
            )

    def variants(self, config: Experiment) -> list[Variant]:
        return config.expand()

    def dataset(self, config: Experiment) -> Dataset:
        return config.dataset

    def plan(self, config: Experiment, history: History) -> Plan:
        return plan_experiment(config, history)

    def past(self, folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
        return experiment_past(folder, manifest)

    def execute(self, config: Experiment, run: RunUnderWay) -> Outcome:
        return measure_experiment(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        return figures_of(folder)

    def page(
        self, folder: RunFolder, manifest: Mapping[str, Any], svgs: Mapping[str, bytes]
    ) -> None:
        write_pages(folder, manifest, svgs)

    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        return verdict(summarize(folder), folder.table("comparisons"))

    def show(
        self, folder: RunFolder, manifest: Mapping[str, Any], console: Console
    ) -> dict[str, Any]:
        rows, sentences = summarize(folder), self.verdict(folder, manifest)
        print_summary(rows, sentences, console)
        return {"indices": [row_data(row) for row in rows], "sentences": sentences}

    def recompute(
        self,
        config: Experiment,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        return recompute_experiment(config, tables, manifest, progress)
