"""Figures of a hash run: what a byte buys, and which edit each hash survives."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.evaluate.judge import RECALL_AT_99, REPORT
from bench.evaluate.measures import UAP
from bench.kinds.hashes.contenders import OURS
from bench.kinds.hashes.tables import by_edit, ranked_rows, reported
from bench.kinds.judged import BACKGROUND, PLAIN
from bench.report.axes import interval_points, label_points, plain_log
from bench.report.drawing import COLORS, Drawing, Drawn
from bench.report.heat import heat_map
from bench.runs.folder import RunFolder

_MEASURES = (UAP.name, RECALL_AT_99.name)
#: How the points of a ranking are filled, and what it is called; the second stands a little right.
_WAYS = {PLAIN: ("as they come", True, 1.0), BACKGROUND: ("less the background", False, 1.03)}
_MAKERS = {True: ("ours", COLORS[1]), False: ("hashes of other programs", COLORS[0])}


def front(folder: RunFolder) -> Drawn:
    """Quality over bytes a document, of the held-out queries."""
    data = ranked_rows(folder)
    data = data[(data["part"] == REPORT) & data["measure"].isin(_MEASURES)]
    data = data.assign(at=_apart(data))
    figure = Figure(figsize=(10.5, 5.8))
    for axes, measure in zip(figure.subplots(1, 2), _MEASURES, strict=True):
        own = data[data["measure"] == measure]
        for way, (said, filled, side) in _WAYS.items():
            for ours, (made, color) in _MAKERS.items():
                rows = own[(own["ranked"] == way) & ((own["package"] == OURS) == ours)]
                rows = rows.reset_index(drop=True)
                look = {"fmt": "o", "color": color, "ms": 5.5, "elinewidth": 0.8, "capsize": None}
                look |= {"mfc": color if filled else "white", "label": f"{made}, {said}"}
                interval_points(axes, rows["at"] * side, rows, look)
        _front_axes(axes, own, measure)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=9)
    return figure, data


def _apart(data: pd.DataFrame) -> "pd.Series[float]":
    """Bytes a document; those of as many bits a little beside each other, so that none hides."""
    ordered = data.drop_duplicates("source").sort_values(["bits", "bytes_per_document"])
    alike = ordered.groupby(ordered["bits"].where(ordered["bits"] > 0, ordered.index))["source"]
    place = alike.cumcount() - (alike.transform("size") - 1) / 2
    return data["bytes_per_document"] * 1.08 ** data["source"].map(
        dict(zip(ordered["source"], place, strict=True))
    )


def _front_axes(axes: Axes, own: pd.DataFrame, measure: str) -> None:
    axes.set_title(measure)
    axes.set_xlabel("bytes a document; of as many bits beside each other")
    axes.set_xscale("log")
    axes.set_xlim(0.75 * own["bytes_per_document"].min(), 1.8 * own["bytes_per_document"].max())
    axes.set_ylim(max(0.0, own["low"].min() - 0.05), 1.02)
    plain_log(axes.xaxis)
    axes.tick_params(labelsize=8)
    best = own.sort_values("high", ascending=False).drop_duplicates("source")
    places = best["at"].to_list(), best["value"].to_list()
    label_points(axes, *places, best["source"].to_list(), size=8)


def edits(folder: RunFolder) -> Drawn:
    """What each finds of each edit, best first."""
    data = by_edit(folder)
    order = reported(folder, UAP.name, PLAIN)["value"].sort_values(ascending=False).index
    table = data.pivot_table(index="source", columns="part", values="value").reindex(order)
    table = table[table.mean().sort_values(ascending=False).index]
    return heat_map(table, f"{UAP.name} by edit, as they come", ".2f"), data


#: Every figure by its file name, with the text that stands for it where it is not seen.
FIGURES: dict[str, Drawing] = {
    "front": (front, "Quality over bytes a document of each hash and of our own indices."),
    "edits": (edits, "What each hash and each of our indices finds of each edit."),
}
