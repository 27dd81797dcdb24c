"""Scoring runs as a kind: a few indices, and every way of ranking what they find."""

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
from bench.kinds.scoring.config import Scoring
from bench.kinds.scoring.figures import FIGURES
from bench.kinds.scoring.filtered import filtered_sources
from bench.kinds.scoring.lists import scoring_names, sources_of
from bench.kinds.scoring.measure import measure_scoring
from bench.kinds.scoring.page import scoring_listings, scoring_verdict
from bench.kinds.scoring.recompute import recompute_scoring
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import Drawing
from bench.report.page import Listing
from bench.runs.check import Check
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset


class ScoringKind(Kind[Scoring]):
    """Rankings compared by what they are worth and what they take."""

    name = "scoring"
    config = Scoring

    def variants(self, config: Scoring) -> list[Variant]:
        return config.expand()

    def layouts(self, config: Scoring) -> set[str]:
        graphs = [] if config.graph is None else config.graph.expand()
        return {one.layout for one in [*config.expand(), *graphs]}

    def dataset(self, config: Scoring) -> Dataset:
        return config.dataset

    def plan(self, config: Scoring, history: History) -> RunPlan:
        pictures = plan_pictures(config.dataset, history, searches=True)
        documents, queries = pictures.documents, pictures.queries
        variants = config.expand()
        graphs = [] if config.graph is None else config.graph.expand()
        built = [*variants, *graphs]
        indices = [
            planned_index(one.index_name, one, documents, history, pictures) for one in built
        ]
        confirmed = sum(
            len(sources_of(one, config.learned)) + len(filtered_sources(one, config.filters))
            for one in variants
        )
        measured = sum(map(len, scoring_names(variants, config.learned).values()))
        units: dict[str, int | None] = {
            "sign": total(documents, queries),
            "start": config.engine.nodes,
            "scoring index": times(len(built), documents),
            "scoring settle": times(len(built), documents),
            "scoring confirm": times(confirmed, queries),
            "scoring evaluate": times(measured * config.evaluation.resamples, queries),
            "scoring report": 1,
        }
        if config.graph is not None:
            requests = 1 + (len(graphs) - 1) * len(config.graph.num_candidates)
            units["scoring graph"] = requests * config.graph.queries
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
        indices, systems = folder.table("indices"), folder.table("systems")
        graphs: dict[str, int] = {}
        if (folder.path / "graph.parquet").is_file():
            indices = pd.concat([indices, folder.table("graph_indices")])
            graphs = {"graph": len(folder.table("graph_searches"))}
        documents, queries = manifest["dataset"]["documents"], manifest["dataset"]["queries"]
        sizes = measured_sizes(indices.to_dict("records"), folder.path.name)
        lists = systems.drop_duplicates(["index", "source"])
        measured = systems.drop_duplicates(["source", "scoring"])
        resamples = manifest["config"]["evaluation"]["resamples"]
        units = {
            "index": len(indices) * documents,
            "settle": len(indices) * documents,
            "confirm": len(lists) * queries,
            "evaluate": len(measured) * queries * resamples,
            **graphs,
        }
        return Past(sizes=sizes, units=units)

    def execute(self, config: Scoring, run: RunUnderWay) -> Outcome:
        return measure_scoring(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        left_out = set()
        if not (folder.path / "clusters.parquet").is_file():
            left_out.add("clusters")
        if not (folder.path / "graph.parquet").is_file():
            left_out.add("graph")
        if not (folder.path / "calibration.parquet").is_file():
            left_out.add("calibration")
        if folder.table("scorings")["part"].nunique() < 3:  # both halves, and the one reported on
            left_out.add("by_part")
        return {name: one for name, one in FIGURES.items() if name not in left_out}

    def listings(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
        return scoring_listings(folder)

    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        return scoring_verdict(folder, manifest)

    def estimates(self, folder: RunFolder, settings: EvaluationSettings) -> dict[System, Estimates]:
        return judged_estimates(folder, settings)

    def recompute(
        self,
        config: Scoring,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        return recompute_scoring(config, tables, manifest)
