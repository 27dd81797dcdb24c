"""Figures of an engine run, each from its tables alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bench.kinds.engines.tables import ALL
from bench.report.axes import interval_points
from bench.report.drawing import Drawing, Drawn, look_of
from bench.report.rounding import confidence, rounded
from bench.runs.folder import RunFolder

_TITLES = {"search": "Searching: median search", "bulk": "Loading: median bulk request"}


def sizes(folder: RunFolder) -> Drawn:
    """Bytes a document of every variant on every engine: settled, and right after loading."""
    table = folder.table("sizes").dropna(subset=["settled"])
    variants = list(dict.fromkeys(folder.table("sizes")["variant"]))
    engines = list(dict.fromkeys(folder.table("sizes")["engine"]))
    figure = Figure(figsize=(9, 1.6 + 0.19 * len(variants) * (len(engines) + 1.5)))
    axes = figure.subplots()
    places = _rows(axes, variants, len(engines))
    for number, engine in enumerate(engines):
        own = table[table["engine"] == engine]
        at = [places[variant] + _shift(number, len(engines)) for variant in own["variant"]]
        look = _look(number)
        color = look["color"]
        axes.hlines(at, own["settled"], own["loaded"], color=color, lw=1.6, alpha=0.6)
        axes.errorbar(own["loaded"], at, mfc="white", **look)
        axes.errorbar(own["settled"], at, label=engine, **look)
        for place, value in zip(at, own["settled"], strict=True):
            axes.annotate(
                rounded(value, ",.0f"), (value, place), (-7, 0), textcoords="offset points",
                ha="right", va="center", fontsize=8, color=color,
            )  # fmt: skip
    axes.set_xlim(0, 1.05 * table["loaded"].max())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: rounded(value, ",.0f")))
    axes.set_xlabel("bytes a document: filled settled, open right after loading")
    axes.set_title("How large is the same index on each engine?")
    figure.legend(loc="outside lower center", ncols=min(3, len(engines)))
    return figure, table


def speeds(folder: RunFolder) -> Drawn:
    """How many times as fast as the first engine each other searches and loads, by variant."""
    table = folder.table("speed")
    first = folder.table("indices")["engine"].iloc[0]
    engines = list(dict.fromkeys(folder.table("indices")["engine"]))
    variants = list(dict.fromkeys(folder.table("indices")["variant"]))
    rows = variants + ([ALL] if (table["variant"] == ALL).any() else [])
    height = 1.8 + 0.17 * len(rows) * (len(engines) + 0.8)
    figure = Figure(figsize=(11, height))
    panels = figure.subplots(1, 2, sharey=True)
    sure = confidence(folder.config()["bootstrap"])
    for axes, measure in zip(panels, _TITLES, strict=True):
        places = _rows(axes, rows, len(engines))
        for number, engine in enumerate(engines[1:], start=1):
            own = table[(table["engine"] == engine) & (table["measure"] == measure)]
            shift = _shift(number - 1, len(engines) - 1)
            at = [places[variant] + shift for variant in own["variant"]]
            look = _look(number) | {"label": engine}
            interval_points(axes, at, own, look, "times_as_fast", upright=False)
        axes.axvline(1, color="black", lw=1.2)
        axes.set_title(_TITLES[measure])
        _ratio_axis(axes, table.loc[table["measure"] == measure, ["low", "high"]])
        axes.set_xlabel(f"times as fast, {sure} interval")
    title = f"How many times as fast as {first}? Right of the line is faster"
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure, table


def _rows(axes: Axes, names: Sequence[str], engines: int) -> dict[str, int]:
    """A row a name, from the top, with a line between."""
    places = {name: place for place, name in enumerate(names)}
    labels = ["all, geometric mean" if name == ALL else name for name in names]
    axes.set_yticks(list(places.values()), labels)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    for place in range(1, len(names)):
        axes.axhline(place - 0.5, color="#cccccc", lw=0.8)
    return places


def _look(number: int) -> dict[str, Any]:
    """Colour and marker of an engine, the same in every figure."""
    look = look_of(number)
    return {"fmt": look["marker"], "ms": 5.5, "color": look["color"]}


def _shift(number: int, count: int) -> float:
    """Where an engine's point is in its row."""
    return 0.76 * ((number + 0.5) / count - 0.5)


def _ratio_axis(axes: Axes, ends: pd.DataFrame) -> None:
    low, high = min(ends["low"].min(), 1), max(ends["high"].max(), 1)
    room = 0.06 * (high - low) or 0.1
    axes.set_xlim(max(low - room, 0), high + room)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{np.round(value, 6):g}×"))


#: Every figure by its file name, with the text that stands for it where it is not seen.
FIGURES: dict[str, Drawing] = {
    "sizes": (
        sizes,
        "Bytes a document of each index on each engine, settled and right after loading.",
    ),
}

#: Drawn where there is more than one engine.
PAIR_FIGURES: dict[str, Drawing] = {
    "speeds": (
        speeds,
        "How many times as fast as the first engine each other one searches and loads, by index, "
        "with intervals.",
    ),
}
