"""Hash runs as a kind: other programs' hashes beside our signatures, searched and compared."""

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
from bench.kinds.hashes.config import Hashes
from bench.kinds.hashes.contenders import contenders
from bench.kinds.hashes.figures import FIGURES
from bench.kinds.hashes.foreign import OWN
from bench.kinds.hashes.measure import measure_hashes
from bench.kinds.hashes.page import hash_listings, hash_verdict
from bench.kinds.hashes.recompute import recompute_hashes
from bench.kinds.hashes.tables import by_edit
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
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import Drawing
from bench.report.page import Listing
from bench.runs.check import Check
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset


class HashesKind(Kind[Hashes]):
    """Hashes compared by what they find and what they take."""

    name = "hashes"
    config = Hashes

    def variants(self, config: Hashes) -> list[Variant]:
        return config.expand()

    def layouts(self, config: Hashes) -> set[str]:
        return {OWN, *(one.layout for one in config.expand())}

    def dataset(self, config: Hashes) -> Dataset:
        return config.dataset

    def plan(self, config: Hashes, history: History) -> RunPlan:
        pictures = plan_pictures(config.dataset, history, searches=True)
        documents, queries = pictures.documents, pictures.queries
        every = contenders(config)
        indices = [
            planned_index(
                one.variant.index_name,
                one.variant,
                documents,
                history,
                pictures,
            )
            for one in every
        ]
        resampled = len(every) * config.evaluation.resamples
        units = {
            "sign": total(documents, queries),
            "start": config.engine.nodes,
            "hashes hash": times(len(config.hashes), total(documents, queries)),
            "hashes clock": len(config.hashes) * config.timed.pictures,
            "hashes index": times(len(every), documents),
            "hashes settle": times(len(every), documents),
            "hashes confirm": times(len(every), queries),
            "hashes time": len(every) * config.timed.searches,
            "hashes evaluate": times(resampled, queries),
            "hashes report": 1,
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
        hashes = len(config["hashes"]) - len(manifest["left_out"])
        units = {
            "hash": hashes * (documents + queries),
            "clock": len(folder.table("hash_samples")),
            "index": len(indices) * documents,
            "settle": len(indices) * documents,
            "confirm": len(indices) * queries,
            "time": len(folder.table("searches")),
            "evaluate": len(indices) * queries * config["evaluation"]["resamples"],
        }
        sizes = measured_sizes(indices.to_dict("records"), folder.path.name)
        return Past(sizes=sizes, units=units)

    def execute(self, config: Hashes, run: RunUnderWay) -> Outcome:
        return measure_hashes(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        left_out = {"edits"} if by_edit(folder).empty else set()
        return {name: one for name, one in FIGURES.items() if name not in left_out}

    def listings(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
        return hash_listings(folder, manifest)

    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        return hash_verdict(folder, manifest)

    def estimates(self, folder: RunFolder, settings: EvaluationSettings) -> dict[System, Estimates]:
        return judged_estimates(folder, settings)

    def recompute(
        self,
        config: Hashes,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        return recompute_hashes(config, tables, manifest)
