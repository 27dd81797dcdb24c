"""What a speed run says, of the committed tables."""

import io

import numpy as np
import pytest
from rich.console import Console

from bench.disk.history import History
from bench.kinds.speed.config import Speed
from bench.kinds.speed.figures import fast_quality
from bench.kinds.speed.kind import SpeedKind
from bench.kinds.speed.page import print_goals, speed_verdict
from bench.runs.config_file import load_config
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder

REFERENCE = RunFolder(ROOT / "results" / "reference-speed")


class Without(RunFolder):
    """The run as if none of its goals had a ratio that is wanted."""

    def table(self, name):
        table = super().table(name)
        return table.assign(wanted=np.nan) if name == "goals" else table


def test_goals_are_told_where_there_are_any():
    told = speed_verdict(REFERENCE)
    wanted = REFERENCE.table("goals")["wanted"].notna().sum()
    assert f" of {wanted} goals are met: " in told[1]
    (without,) = set(told) - set(speed_verdict(Without(REFERENCE.path)))
    assert without == told[1]


@pytest.mark.parametrize("sure", ["95 %", "80 %"])
def test_the_table_says_the_confidence_of_the_run(sure):
    console = Console(file=io.StringIO(), width=200)
    print_goals(REFERENCE.table("goals"), console, sure)
    assert f"{sure} interval" in console.file.getvalue()


def test_the_figure_says_the_confidence_of_the_run(saying):
    figure, _ = fast_quality(saying("reference-speed", bootstrap={"confidence": 0.8}))
    assert all(axes.get_xlabel().endswith(", 80 % interval") for axes in figure.axes)


def test_the_plan_keeps_the_space_that_the_config_asks_for(tmp_path):
    text = (ROOT / "bench" / "configs" / "speed.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(
        text.replace("{heap: 1g}", "{disk_floor: 7g}"), encoding="utf-8"
    )
    config = load_config(tmp_path / "own.yaml", Speed)
    assert SpeedKind().plan(config, History()).floor == "7g"
