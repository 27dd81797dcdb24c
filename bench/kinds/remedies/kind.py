"""Remedy runs as a kind: turned, mirrored and cropped pictures, found by storing or asking more."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.progress import Progress

from bench.disk.history import History, Past, measured_sizes
from bench.evaluate.comparisons import Estimates
from bench.evaluate.judge import judged_estimates
from bench.evaluate.settings import EvaluationSettings, System
from bench.index.variant import Variant
from bench.kinds.base import Kind, Outcome
from bench.kinds.judged import FEW
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
from bench.kinds.remedies.config import Remedies
from bench.kinds.remedies.figures import FIGURES, edit_rows, front_rows
from bench.kinds.remedies.lists import Tried, grouped, tried
from bench.kinds.remedies.measure import measure_remedies
from bench.kinds.remedies.page import remedy_listings, remedy_verdict
from bench.kinds.remedies.recompute import recompute_remedies
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import Drawing
from bench.report.page import Listing
from bench.runs.check import Check
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset


class RemediesKind(Kind[Remedies]):
    """Remedies compared by what they find and what they take."""

    name = "remedies"
    config = Remedies

    def variants(self, config: Remedies) -> list[Variant]:
        return [own[0].variant for own in _by_index(config)]

    def dataset(self, config: Remedies) -> Dataset:
        return config.dataset

    def plan(self, config: Remedies, history: History) -> RunPlan:
        pictures = plan_pictures(config.dataset, history, searches=True)
        documents, queries = pictures.documents, pictures.queries
        every = tried(config)
        indices = [
            planned_index(
                one.index,
                one.variant,
                times(len(one.stored) + 1, documents),
                history,
                pictures,
            )
            for one, *_ in _by_index(config)
        ]
        # Each orientation that is asked of an index is searched for once.
        searches = sum(
            max(len(one.remedy.orientations) for one in own) for own in _by_index(config)
        )
        held = total(*(one.documents for one in indices))
        units = {
            "sign": total(documents, queries),
            "start": config.engine.nodes,
            "remedies make": documents,
            "remedies clock": config.timed.pictures,
            "remedies list": times(len(every), queries),
            "remedies index": held,
            "remedies settle": held,
            "remedies confirm": times(searches, queries),
            "remedies time": len(every) * config.timed.searches,
            "remedies evaluate": times(len(every) * config.evaluation.resamples, queries),
            "remedies report": 1,
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
            floor=config.engine.disk_floor,
            cautions=pictures.cautions,
        )

    def past(self, folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
        """Sizes of its indices, and what each stage did."""
        indices, config = folder.table("indices"), manifest["config"]
        documents, queries = manifest["dataset"]["documents"], manifest["dataset"]["queries"]
        remedies = folder.table("remedies")
        held = int(indices["documents"].sum())
        units = {
            "make": documents,
            "clock": config["timed"]["pictures"],
            "list": len(remedies) * queries,
            "index": held,
            "settle": held,
            "confirm": int(remedies.groupby("index")["asked"].max().sum()) * queries,
            "time": len(folder.table("searches")),
            "evaluate": len(remedies) * queries * config["evaluation"]["resamples"],
        }
        sizes = measured_sizes(indices.to_dict("records"), folder.path.name)
        return Past(sizes=sizes, units=units)

    def execute(self, config: Remedies, run: RunUnderWay) -> Outcome:
        return measure_remedies(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        rows = {"front": front_rows(folder), "edits": edit_rows(folder, FEW)}
        return {name: one for name, one in FIGURES.items() if not rows[name].empty}

    def listings(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
        return remedy_listings(folder, manifest)

    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        return remedy_verdict(folder, manifest)

    def estimates(self, folder: RunFolder, settings: EvaluationSettings) -> dict[System, Estimates]:
        return judged_estimates(folder, settings)

    def recompute(
        self,
        config: Remedies,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        return recompute_remedies(config, tables, manifest)


def _by_index(config: Remedies) -> list[list[Tried]]:
    return grouped(tried(config), "index")
