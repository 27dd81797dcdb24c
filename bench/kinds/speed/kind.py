"""Speed runs as a kind: signatures timed beside image-match, and the way into an index."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import Progress

from bench.disk.history import History, Past
from bench.index.variant import Variant
from bench.kinds.base import Kind, Outcome
from bench.kinds.plan import Plan
from bench.kinds.speed.config import Speed
from bench.kinds.speed.figures import FIGURES
from bench.kinds.speed.goals_table import print_goals
from bench.kinds.speed.measure import measure_speed
from bench.kinds.speed.page import speed_verdict, write_speed_page
from bench.kinds.speed.past import speed_past
from bench.kinds.speed.plan import plan_speed
from bench.kinds.speed.recompute import recompute_speed
from bench.kinds.under_way import RunUnderWay
from bench.report.drawing import Drawing
from bench.runs.check import Check
from bench.runs.folder import RunFolder
from bench.signing.dataset import Dataset


class SpeedKind(Kind[Speed]):
    """Times of tools in alternation on the same files."""

    name = "speed"
    config = Speed
    tells = False  # its progress says as much

    def variants(self, config: Speed) -> list[Variant]:
        return config.expand()

    def dataset(self, config: Speed) -> Dataset:
        return config.quality

    def plan(self, config: Speed, history: History) -> Plan:
        return plan_speed(config, history)

    def past(self, folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
        return speed_past(folder, manifest)

    def execute(self, config: Speed, run: RunUnderWay) -> Outcome:
        return measure_speed(config, run)

    def figures(self, folder: RunFolder) -> Mapping[str, Drawing]:
        return FIGURES

    def page(
        self, folder: RunFolder, manifest: Mapping[str, Any], svgs: Mapping[str, bytes]
    ) -> None:
        write_speed_page(folder, manifest, svgs)

    def verdict(self, folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
        return speed_verdict(folder)

    def show(
        self, folder: RunFolder, manifest: Mapping[str, Any], console: Console
    ) -> dict[str, Any]:
        print_goals(folder.table("goals"), console)
        return super().show(folder, manifest, console)

    def recompute(
        self,
        config: Speed,
        tables: Mapping[str, pd.DataFrame],
        manifest: Mapping[str, Any],
        progress: Progress,
    ) -> Iterator[Check]:
        return recompute_speed(config, tables, manifest)
