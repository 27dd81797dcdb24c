"""Figures of a sweep: quality over word count and length, and quality over bytes."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize, to_hex
from matplotlib.figure import Figure

from bench.evaluate.measures import UAP
from bench.kinds.sweep.word_tables import MEASURES
from bench.kinds.sweep.words import COLLECTION_SIZES
from bench.report.axes import error_bars, interval_points, label_points, plain_log, where
from bench.report.drawing import (
    COLORS,
    MAIN_RANKINGS,
    RANKING_COLORS,
    RANKING_LABELS,
    Drawing,
    Drawn,
    ink_on,
)
from bench.report.rounding import confidence, rounded
from bench.runs.folder import RunFolder

_MARKERS = dict(zip(MAIN_RANKINGS, "o^s", strict=True))
#: Words that are labelled wherever they are drawn: image-match's, and those that papers quote.
_NAMED = ("63x16", "100x10", "16x16")
#: How far below the reference the axis of quality begins: what is worse still is no choice.
_BELOW = 0.3


def word_grid(folder: RunFolder) -> Drawn:
    """Heat maps of uAP over word count and length, of words as image-match takes them."""
    data = _usual(folder.table("sweep"))
    names = [name for name in MAIN_RANKINGS if (data["ranking"] == name).any()]
    panels = {
        f"ranked by {RANKING_LABELS[name]}": 100 * _grid(data[data["ranking"] == name], "value")
        for name in names
    }
    figure = _heat_maps(panels, f"{UAP.name}, hundredths, ties at their expected value", "cividis")
    return figure, data[["variant", "N", "k", "ranking", "value", "low", "high", "n"]]


def byte_grid(folder: RunFolder) -> Drawn:
    """Heat maps of bytes a document over word count and length, of the same words."""
    data = _usual(folder.table("sweep")).dropna(subset=["bytes_per_document"])
    # Ranking by distance takes a stored signature, whose bytes are not the words'.
    data = data[data["ranking"] != "distance"].drop_duplicates(["variant", "layout"])
    panels = {
        f"layout {layout}": _grid(own, "bytes_per_document")
        for layout, own in data.groupby("layout", sort=False)
    }
    # Few bytes are good, as a high uAP is: both are light.
    figure = _heat_maps(panels, "bytes a document, without a signature", "cividis_r", log=True)
    columns = ["variant", "N", "k", "layout", "bytes_per_document", "bytes_low", "bytes_high"]
    return figure, data[[*columns, "size_source"]]


def _usual(table: pd.DataFrame) -> pd.DataFrame:
    return where(table, alphabet="ternary", spacing="even", strip="none", measure=UAP.name)


def _grid(data: pd.DataFrame, column: str) -> pd.DataFrame:
    return data.pivot_table(index="N", columns="k", values=column)


def _heat_maps(
    panels: Mapping[str, pd.DataFrame], label: str, colors: str, *, log: bool = False
) -> Figure:
    """Draw tables of N by k side by side with one scale, their figures in the cells."""
    n_rows = max(len(table) for table in panels.values())
    n_columns = sum(len(table.columns) for table in panels.values())
    figure = Figure(figsize=(max(6.0, 1.8 + 0.36 * n_columns), max(3.5, 1.2 + 0.32 * n_rows)))
    drawn = figure.subplots(1, len(panels), squeeze=False, sharey=True).ravel()
    ends = [
        pick(table.to_numpy()) for pick, table in product((np.nanmin, np.nanmax), panels.values())
    ]
    scale = (LogNorm if log else Normalize)(min(ends), max(ends))
    # Four figures must fit into a cell.
    look: Any = {"ha": "center", "va": "center", "fontsize": 9 if max(ends) < 999.5 else 8}
    for axes, (title, table) in zip(drawn, panels.items(), strict=True):
        image = axes.imshow(table, cmap=colors, norm=scale, origin="lower", aspect="auto")
        for (row, column), value in np.ndenumerate(table.to_numpy()):
            if not np.isnan(value):
                ink = ink_on(to_hex(image.cmap(scale(value))))
                axes.text(column, row, rounded(value, ".0f"), color=ink, **look)
        axes.set_xticks(np.arange(table.shape[1]), [str(k) for k in table.columns])
        axes.set_yticks(np.arange(table.shape[0]), [str(N) for N in table.index])
        axes.grid(visible=False)
        axes.set_xlabel("values a word, k")
        axes.set_title(title, fontsize=11)
    drawn[0].set_ylabel("words, N")
    bar = figure.colorbar(image, ax=drawn.tolist(), label=label)
    if log:
        plain_log(bar.ax.yaxis)
    return figure


def pareto(folder: RunFolder) -> Drawn:
    """UAP over bytes a document: every variant, and the fronts with their intervals."""
    table, fronts = folder.table("sweep"), folder.table("pareto")
    data = table[(table["measure"] == UAP.name) & table["bytes_per_document"].notna()]
    fronts = fronts[fronts["measure"] == UAP.name]
    figure = Figure(figsize=(9.5, 6.5))
    axes = figure.subplots()
    names = [name for name in MAIN_RANKINGS if (data["ranking"] == name).any()]
    for name in names:
        own, front = (rows[rows["ranking"] == name] for rows in (data, fronts))
        layout = str(own["layout"].iloc[0])
        stored = ", signature stored" if name == "distance" else ""
        label = f"ranked by {RANKING_LABELS[name]} ({layout}{stored})"
        _draw_front(axes, name, own, front, label)
    named = data[data["variant"].isin(_NAMED)]
    axes.plot(named["bytes_per_document"], named["value"], "ko", mfc="none", ms=11)
    axes.set_xscale("log")
    plain_log(axes.xaxis)
    axes.set_xlim(0.9 * data["bytes_per_document"].min(), 1.1 * data["bytes_per_document"].max())
    reference = data.loc[data["variant"] == data["variant"].iloc[0], "value"].min()
    axes.set_ylim(max(0.0, reference - _BELOW), min(1.0, data["high"].max() + 0.02))
    axes.set_xlabel("bytes a document (filled: measured, open: predicted)")
    sure = confidence(folder.config()["evaluation"])
    axes.set_ylabel(f"{UAP.name}, ties at their expected value, {sure} interval")
    axes.set_title("What does each byte buy?")
    axes.legend(loc="lower right")
    shown = named[named["value"] >= axes.get_ylim()[0]]
    places = shown["bytes_per_document"].to_list(), shown["value"].to_list()
    inks = [RANKING_COLORS[name] for name in shown["ranking"]]
    label_points(axes, *places, shown["variant"].to_list(), inks, size=11)
    columns = ["variant", "ranking", "layout", "value", "low", "high"]
    columns += ["bytes_per_document", "bytes_low", "bytes_high", "size_source"]
    shown = data[columns].merge(
        fronts[["variant", "ranking", "overall"]], how="left", indicator=True
    )
    shown["front"] = shown.pop("_merge") == "both"
    return figure, shown.assign(overall=shown["overall"].eq(True))


def _draw_front(axes: Axes, name: str, own: pd.DataFrame, front: pd.DataFrame, label: str) -> None:
    """Draw all variants of a ranking faintly, and the best with intervals both ways."""
    color, marker = RANKING_COLORS[name], _MARKERS[name]
    axes.plot(own["bytes_per_document"], own["value"], marker, color=color, ms=3, alpha=0.25, mew=0)
    axes.errorbar(
        front["bytes_per_document"],
        front["value"],
        xerr=error_bars(front, "bytes_per_document", "bytes_low", "bytes_high"),
        yerr=error_bars(front, "value", "low", "high"),
        color=color,
        lw=1.5,
        elinewidth=0.7,
        marker=marker,
        ms=6,
        mfc="white",
        label=label,
    )
    measured = front[front["size_source"] == "measured"]
    # Error bars put their points a little above other lines; what is filled goes above those.
    axes.plot(
        measured["bytes_per_document"], measured["value"], marker, color=color, ms=6, zorder=3
    )


_KINDS = {"even": ("evenly spaced", COLORS[0], "o"), "greedy": ("chosen greedily", COLORS[1], "s")}


def word_positions(folder: RunFolder) -> Drawn:
    """Collision entropy, accidental matches, and repetition over right pairs, by word."""
    data = folder.table("words")
    size = COLLECTION_SIZES[1]
    panels = (
        ("collision_bits", "collision entropy, bits"),
        (f"matches_at_{size}", f"accidental matches at {size / 1e6:,.0f} M images"),
        ("repeated_right", "largest correlation with another word"),
    )
    figure = Figure(figsize=(9.5, 8.5))
    axes = figure.subplots(len(panels), 1, sharex=True)
    for place, (column, label) in zip(axes, panels, strict=True):
        for color, marker, (name, own) in zip(
            COLORS, "os^v", data.groupby("variant", sort=False), strict=False
        ):
            place.plot(own["position"], own[column], marker, ms=4, color=color, label=str(name))
        place.set_ylabel(label, fontsize=9)
    axes[1].set_yscale("log")
    axes[2].set_ylim(0, 1.02)
    axes[0].set_title("Which words matter?")
    # Beside the panels: the points fill them from edge to edge.
    axes[0].legend(loc="center left", bbox_to_anchor=(1.0, 0.5), title="words")
    axes[-1].set_xlabel("where the word begins, value of the signature")
    columns = ["variant", "word", "position", *(column for column, _ in panels)]
    return figure, data[columns]


def chosen_words(folder: RunFolder) -> Drawn:
    """Quality of words chosen on one half against evenly spaced ones, on the other half."""
    data = folder.table("greedy")
    names = [measure for measure in MEASURES if (data["measure"] == measure).any()]
    figure = Figure(figsize=(3.1 * len(names), 4.2))
    panels = figure.subplots(1, len(names), squeeze=False, sharey=True).ravel()
    for axes, name in zip(panels, names, strict=True):
        own = data[data["measure"] == name].reset_index(drop=True)
        place = np.arange(len(own), dtype=np.float64)
        for shift, (kind, (label, color, marker)) in zip(
            (-0.12, 0.12), _KINDS.items(), strict=True
        ):
            ends = f"{kind}_low", f"{kind}_high"
            look = {"fmt": marker, "color": color, "ms": 5, "elinewidth": 1, "capsize": None}
            look |= {"label": label}
            interval_points(axes, place + shift, own, look, kind, ends)
        axes.set_xticks(place, [str(count) for count in own["N"]])
        axes.set_title(name, fontsize=11)
        axes.set_xlabel("words, N")
    sure = confidence(folder.config()["evaluation"])
    panels[0].set_ylabel(f"share, on the half of the scenes\nnot chosen on, {sure} interval")
    panels[0].set_ylim(0, 1)
    panels[0].legend(loc="lower right", fontsize=9)
    return figure, data


#: Every figure by its file name, with the text that stands for it where it is not seen.
FIGURES: dict[str, Drawing] = {
    "word_grid": (
        word_grid,
        "Heat maps of micro average precision over the number of words and their length.",
    ),
    "byte_grid": (
        byte_grid,
        "Heat maps of bytes a document over the number of words and their length.",
    ),
    "pareto": (
        pareto,
        "Micro average precision over bytes a document, with the front of the best variants of "
        "each ranking.",
    ),
    "word_positions": (
        word_positions,
        "Entropy, accidental matches and repetition of each word by its place in the signature.",
    ),
    "chosen_words": (
        chosen_words,
        "Search quality of greedily chosen words and of evenly spaced ones, by number of words.",
    ),
}


def sweep_figures(folder: RunFolder) -> dict[str, Drawing]:
    """Those that there is something to draw of: a sweep may have no words as image-match's."""
    of_grids = () if len(_usual(folder.table("sweep"))) else ("word_grid", "byte_grid")
    return {name: drawing for name, drawing in FIGURES.items() if name not in of_grids}
