"""Experiments as a kind of run: variants indexed, measured, searched and evaluated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import Progress

from bench.disk.history import History, Past, measured_sizes
from bench.evaluate.comparisons import Estimates
from bench.evaluate.settings import EvaluationSettings, System
from bench.index.variant import Variant
from bench.kinds.base import Kind, Outcome
from bench.kinds.experiment.config import DROP, Experiment
from bench.kinds.experiment.estimates import run_estimates
from bench.kinds.experiment.measure import measure_experiment
from bench.kinds.experiment.recompute import recompute_experiment
from bench.kinds.plan import (
    TOGETHER,
    PlannedIndex,
    RunPlan,
    peak_together,
    plan_pictures,
    planned_index,
    planned_stages,
    times,
    total,
)
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import Drawing
from bench.report.experiment_pages import figures_of, write_pages
from bench.report.published import paper_rows, print_papers
from bench.report.rounding import confidence
from bench.report.summary import print_summary, row_data, summarize, verdict
from bench.runs.check import Check
from bench.runs.errors import ExperimentError
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset

_DROPPED = (
    "the largest index, or all whose searches are timed together, before the final merge, copies "
    "for recovery included, and the largest once more while it is merged; without the translog. "
    "Where there is room, more are built at a time"
)


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

    def plan(self, config: Experiment, history: History) -> RunPlan:
        pictures = plan_pictures(config.dataset, history, searches=True)
        documents, queries = pictures.documents, pictures.queries
        indices = [
            planned_index(one.index_name, one, documents, history, pictures)
            for one in config.expand()
        ]
        count = len(indices)
        units = {
            "sign": total(documents, queries),
            "start": config.engine.nodes,
            "experiment index": times(count, documents),
            "experiment settle": times(count, documents),
            "experiment search": times(count, queries),
            "experiment evaluate": times(count * config.evaluation.resamples, queries),
            "experiment report": 1,
        }
        if config.cost is not None:
            units["experiment cost"] = len(config.cost.variants) or count
        return RunPlan(
            kind=self.name,
            name=config.name,
            documents=documents,
            queries=queries,
            indices=tuple(indices),
            stages=planned_stages(units, history),
            peak_bytes=peak_together(indices) if config.index.keep else _dropped(config, indices),
            peak_source=TOGETHER if config.index.keep else _DROPPED,
            floor=config.engine.disk_floor,
            cautions=pictures.cautions,
            drop=DROP if config.index.keep else "",
        )

    def past(self, folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
        """Sizes of its indices, and the documents, queries or indices that each stage did."""
        dataset, variants = manifest["dataset"], folder.table("variants")
        documents, queries, indices = dataset["documents"], dataset["queries"], len(variants)
        cost = manifest["config"].get("cost") or {}
        resamples = manifest["config"]["evaluation"]["resamples"]
        units = {
            "evaluate": indices * queries * resamples,
            "cost": len(cost.get("variants", ())) or indices,
        }
        units |= {
            stage: documents if not stage.startswith("search") else queries
            for stage in manifest["seconds"]
            if stage.split(" ")[0] in ("index", "settle", "search")
        }
        sizes = measured_sizes(variants.to_dict("records"), folder.path.name)
        return Past(sizes=sizes, units=units)

    def execute(self, config: Experiment, run: RunUnderWay) -> Outcome:
        return measure_experiment(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        return figures_of(folder)

    def page(
        self, folder: RunFolder, manifest: Mapping[str, Any], svgs: Mapping[str, bytes]
    ) -> None:
        write_pages(folder, manifest, svgs)

    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        sure = confidence(manifest["config"]["evaluation"])
        return verdict(summarize(folder), folder.table("comparisons"), confidence=sure)

    def show(
        self, folder: RunFolder, manifest: Mapping[str, Any], console: Console
    ) -> dict[str, Any]:
        rows, sentences = summarize(folder), self.verdict(folder, manifest)
        print_summary(rows, sentences, console, manifest["config"]["index"]["shards"])
        told = {"indices": [row_data(row) for row in rows], "sentences": sentences}
        if papers := paper_rows(folder, manifest):
            print_papers(papers, console)
            told["published"] = [asdict(row) for row in papers]
        return told

    def estimates(self, folder: RunFolder, settings: EvaluationSettings) -> dict[System, Estimates]:
        return run_estimates(folder, settings)

    def recompute(
        self,
        config: Experiment,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        return recompute_experiment(config, tables, manifest, progress)


def _dropped(experiment: Experiment, indices: Sequence[PlannedIndex]) -> float | None:
    """Most that is needed at a time where indices do not stay."""
    timed: set[str] = set()
    if experiment.cost is not None:
        timed |= set(experiment.cost.variants or (one.index for one in indices))
    groups = [[one] for one in indices] + [[one for one in indices if one.index in timed]]
    peaks = [peak_together(group) for group in groups if group]
    return None if None in peaks else max(peak for peak in peaks if peak is not None)
