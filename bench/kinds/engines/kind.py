"""Engine runs as a kind: the same indices and searches on several engines."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.progress import Progress

from bench.disk.history import History, Past
from bench.index.variant import Variant
from bench.kinds.base import Kind, Outcome
from bench.kinds.engines.config import Engines
from bench.kinds.engines.figures import FIGURES, PAIR_FIGURES
from bench.kinds.engines.measure import measure_engines
from bench.kinds.engines.page import engine_listings, engine_verdict
from bench.kinds.engines.tables import check_hits, summaries
from bench.kinds.plan import (
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
from bench.runs.check import KERNELS, Check, same_tables
from bench.runs.errors import ExperimentError
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset
from imgsig.layouts import get_layout

_PAIR = (
    "all indices of two engines before their final merge, copies for recovery included, as the "
    "named runs measured them, and the largest once more while it is merged; without the translog"
)


class EnginesKind(Kind[Engines]):
    """The same indices and searches on several engines."""

    name = "engines"
    config = Engines

    def refuse_kept_engine(self, config: Engines) -> None:
        raise ExperimentError(
            "a run of several engines stops each when it is measured; leave out --keep-engine"
        )

    def refuse_cluster(self, config: Engines) -> None:
        raise ExperimentError("a run of several engines starts engines of its own; unset ES_URL")

    def variants(self, config: Engines) -> list[Variant]:
        return config.expand()

    def layouts(self, config: Engines) -> set[str]:
        return set()  # an engine that cannot hold one has a row that says so

    def dataset(self, config: Engines) -> Dataset:
        return config.dataset

    def plan(self, config: Engines, history: History) -> RunPlan:
        pictures = plan_pictures(config.dataset, history, searches=True)
        documents, queries = pictures.documents, pictures.queries
        variants, engines = config.expand(), len(config.engines)
        indices = [
            planned_index(
                f"{one.index_name} on {on.title}",
                one,
                documents,
                history,
                pictures,
            )
            for on in config.distributions
            for one in variants
            if not get_layout(one.layout).needs & on.lacks
        ]
        count = len(indices)
        # Until such a run has ended, what experiments tell of one engine stands for all.
        known = "engines" if history.rate("engines index") else "experiment"
        units = {
            "sign": total(documents, queries),
            "start": _starts(engines),
            f"{known} index": times(count, documents),
            f"{known} settle": times(count, documents),
            f"{known} search": times(count, queries),
            "engines time": (engines - 1) * len(variants) * config.search.timed,
            "engines report": 1,
        }
        of_one = peak_together(indices[: len(variants)])
        return RunPlan(
            kind=self.name,
            name=config.name,
            documents=documents,
            queries=queries,
            indices=tuple(indices),
            stages=planned_stages(units, history),
            peak_bytes=None if of_one is None else min(engines, 2) * of_one,
            peak_source=_PAIR,
            floor=config.engine.disk_floor,
            engine=", ".join(one.title for one in config.distributions),
            cautions=pictures.cautions,
        )

    def past(self, folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
        """What each stage did of one engine; sizes are of several, so they predict none."""
        dataset, config = manifest["dataset"], manifest["config"]
        variants = len(config["variants"])
        units: dict[str, float] = {"start engine": _starts(len(config["engines"]))}
        for stage in manifest["seconds"]:
            each = {
                "index": dataset["documents"],
                "settle": dataset["documents"],
                "search": dataset["queries"],
                "time": config["search"]["timed"],
            }.get(stage.split(" ")[0])
            if each is not None:
                units[stage] = variants * each
        return Past(units=units)

    def execute(self, config: Engines, run: RunUnderWay) -> Outcome:
        return measure_engines(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        has_pairs = (folder.path / "speed.parquet").is_file()
        return FIGURES | (PAIR_FIGURES if has_pairs else {})

    def listings(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
        return engine_listings(folder, manifest)

    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        return engine_verdict(folder)

    def recompute(
        self,
        config: Engines,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        yield check_hits(tables)
        yield from same_tables(tables, summaries(tables, config.bootstrap), KERNELS)


def _starts(engines: int) -> int:
    """How often servers are started: each alone, and each other with the first beside it."""
    return engines + 2 * (engines - 1)
