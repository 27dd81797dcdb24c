"""Codec runs as a kind: bytes and speed of every codec, and the limit. No engine takes part."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import Progress

from bench.disk.history import History, Past
from bench.kinds.base import Kind, Outcome
from bench.kinds.codecs.config import Codecs
from bench.kinds.codecs.crops import check_groups
from bench.kinds.codecs.figure import FIGURES
from bench.kinds.codecs.measure import measure_codecs, summaries
from bench.kinds.codecs.page import codec_listings, codec_verdict, print_tables
from bench.kinds.codecs.speed import measured_configs
from bench.kinds.plan import RunPlan, is_at_hand, planned_stages
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import Drawing
from bench.report.page import Listing
from bench.runs.check import KERNELS, Check, same_tables
from bench.runs.errors import ExperimentError
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset
from datasets import open_collection

#: Parts of each stage, as `bench.kinds.codecs.measure` times them.
PARTS = {
    "crops": 1,
    "limit": 6,
    "sizes": len(measured_configs()),
    "speed": len(measured_configs()),
    "coders": 1,
}


class CodecsKind(Kind[Codecs]):
    """Codecs on held-out signatures."""

    name = "codecs"
    config = Codecs
    tells = False  # its progress says as much

    def refuse_kept_engine(self, config: Codecs) -> None:
        raise ExperimentError("codecs are measured without an engine; leave out --keep-engine")

    def dataset(self, config: Codecs) -> Dataset:
        return Dataset(collection=config.collection, tiles=[], documents=None, queries=None)

    def plan(self, config: Codecs, history: History) -> RunPlan:
        if is_at_hand(config.collection):
            check_groups(open_collection(config.collection, ()))
        parts = PARTS | {"limit": PARTS["limit"] + len(config.also)}
        stages = {f"codecs {stage}": count for stage, count in parts.items()}
        return RunPlan(
            kind=self.name,
            name=config.name,
            documents=None,
            queries=None,
            indices=(),
            stages=planned_stages(stages | {"codecs report": 1}, history),
            peak_bytes=None,
            peak_source="",
            where=None,
        )

    def past(self, folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
        return Past(units=PARTS | {"limit": PARTS["limit"] + len(manifest["config"]["also"])})

    def execute(self, config: Codecs, run: RunUnderWay) -> Outcome:
        return measure_codecs(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        return FIGURES

    def listings(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
        return codec_listings(folder, manifest)

    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        return codec_verdict(folder.table("codecs"), folder.table("limit"))

    def show(
        self, folder: RunFolder, manifest: Mapping[str, Any], console: Console
    ) -> dict[str, Any]:
        print_tables(folder, console)
        return super().show(folder, manifest, console)

    def recompute(
        self,
        config: Codecs,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        return same_tables(tables, summaries(tables), KERNELS)
