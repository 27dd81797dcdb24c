"""Scale runs as a kind: bytes a document as the collection grows."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.progress import Progress

from bench.disk.history import History, Past
from bench.index.variant import Variant
from bench.kinds.base import Kind, Outcome
from bench.kinds.plan import Plan
from bench.kinds.scale.config import Scale
from bench.kinds.scale.figures import scale_figures
from bench.kinds.scale.measure import measure_scale
from bench.kinds.scale.page import scale_verdict, write_scale_page
from bench.kinds.scale.past import scale_past
from bench.kinds.scale.plan import plan_scale
from bench.kinds.scale.recompute import recompute_scale
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import Drawing
from bench.runs.check import Check
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset


class ScaleKind(Kind[Scale]):
    """Indices of many sizes, a fit that is tested on the largest, a projection."""

    name = "scale"
    config = Scale

    def variants(self, config: Scale) -> list[Variant]:
        return config.expand()

    def dataset(self, config: Scale) -> Dataset:
        return config.dataset

    def plan(self, config: Scale, history: History) -> Plan:
        return plan_scale(config, history)

    def past(self, folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
        return scale_past(folder, manifest)

    def execute(self, config: Scale, run: RunUnderWay) -> Outcome:
        return measure_scale(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        return scale_figures(folder)

    def page(
        self, folder: RunFolder, manifest: Mapping[str, Any], svgs: Mapping[str, bytes]
    ) -> None:
        write_scale_page(folder, manifest, svgs)

    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        return scale_verdict(folder)

    def recompute(
        self,
        config: Scale,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        return recompute_scale(config, tables, manifest)
