"""What is shown on the terminal: progress, on standard error, and tables."""

import math
from typing import Any

import rich
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text


class RateColumn(ProgressColumn):
    """How many steps are done in a second, or how many seconds a step takes where that is slow."""

    def render(self, task: Task) -> Text:
        """Text of the column."""
        return Text(rate_text(task.finished_speed or task.speed), style="progress.data.speed")


def rate_text(speed: float | None) -> str:
    """A rate for people.

    Steps a second; None or 0 where it is not known yet.

    >>> rate_text(12_345.6), rate_text(2.345), rate_text(0.25), rate_text(None)
    ('12,346/s', '2.3/s', '4.0 s each', '')
    """
    if not speed or not math.isfinite(speed):
        return ""
    if speed < 1:
        return f"{1 / speed:.1f} s each"
    return f"{speed:,.1f}/s" if speed < 10 else f"{speed:,.0f}/s"


def make_progress(console: Console) -> Progress:
    """Bars: description, what is done of how much, rate, time spent and time left."""
    return Progress(
        TextColumn("{task.description:<34}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )


def progress_console(*, quiet: bool = False) -> Console:
    """A console on standard error; a quiet one shows nothing.

    Colours are left to rich: only on a terminal, and none where ``NO_COLOR`` is set. The console
    that libraries show progress on by default is made the same, so that standard output holds
    results alone.
    """
    rich.reconfigure(stderr=True, quiet=quiet)
    return Console(stderr=True, quiet=quiet)


class WholeTable(Table):
    """A table whose headings and cells go on in a further line where the terminal is too narrow.

    Rich would end them in "…": an index of which half the name is shown cannot be looked up.
    """

    def add_column(self, *args: Any, **kwargs: Any) -> None:
        """Add a column, as of `rich.table.Table`."""
        super().add_column(*args, **{"overflow": "fold"} | kwargs)
