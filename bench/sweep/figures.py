"""Figures of a sweep: quality over word count and length, and quality over bytes."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter
from numpy.typing import NDArray

from bench.report.drawing import Drawing, Drawn
from bench.report.style import MAIN_RANKINGS, RANKING_COLORS, RANKING_LABELS
from bench.run_folder import RunFolder

_MEASURE = "uAP"
_MARKERS = dict(zip(MAIN_RANKINGS, "o^s", strict=True))
#: Words that are labelled wherever they are drawn: image-match's, and those that papers quote.
_NAMED = ("63x16", "100x10", "16x16")
#: How far below the reference the axis of quality begins: what is worse still is no choice.
_BELOW = 0.3


def word_grid(folder: RunFolder) -> Drawn:
    """Heat maps of uAP over word count and length, of words as image-match takes them."""
    table = folder.table("sweep")
    usual = (table["alphabet"] == "ternary") & (table["spacing"] == "even")
    data = table[usual & (table["strip"] == "none") & (table["measure"] == _MEASURE)]
    names = [name for name in MAIN_RANKINGS if (data["ranking"] == name).any()]
    n_rows, n_columns = data["N"].nunique(), data["k"].nunique()
    width = max(3.0, 0.38 * n_columns)
    figure = Figure(figsize=(1.8 + width * len(names), max(3.5, 1.2 + 0.32 * n_rows)))
    panels = figure.subplots(1, len(names), squeeze=False, sharey=True).ravel()
    lowest, highest = data["value"].min(), data["value"].max()
    for axes, name in zip(panels, names, strict=True):
        own = data[data["ranking"] == name].pivot_table(index="N", columns="k", values="value")
        values = own.to_numpy()
        image = axes.imshow(
            values, cmap="cividis", vmin=lowest, vmax=highest, origin="lower", aspect="auto"
        )
        _write_values(axes, values, (lowest + highest) / 2)
        axes.set_xticks(np.arange(own.shape[1]), [str(k) for k in own.columns])
        axes.set_yticks(np.arange(own.shape[0]), [str(N) for N in own.index])
        axes.grid(visible=False)
        axes.set_xlabel("values a word, k")
        axes.set_title(f"ranked by {RANKING_LABELS[name]}", fontsize=11)
    panels[0].set_ylabel("words, N")
    figure.colorbar(image, ax=panels.tolist(), label="uAP, ties at their expected value")
    return figure, data[["variant", "N", "k", "ranking", "value", "low", "high", "n"]]


def _write_values(axes: Axes, values: NDArray[np.float64], middle: float) -> None:
    """Write hundredths into the cells of a heat map, light on dark and dark on light."""
    for (row, column), value in np.ndenumerate(values):
        if not np.isnan(value):
            ink = "white" if value < middle else "black"
            text = f"{100 * value:.0f}"
            axes.text(column, row, text, ha="center", va="center", color=ink, fontsize=8)


def pareto(folder: RunFolder) -> Drawn:
    """UAP over bytes a document: every variant, and the fronts with their intervals."""
    table, fronts = folder.table("sweep"), folder.table("pareto")
    data = table[(table["measure"] == _MEASURE) & table["bytes_per_document"].notna()]
    fronts = fronts[fronts["measure"] == _MEASURE]
    figure = Figure(figsize=(9.5, 6.5))
    axes = figure.subplots()
    names = [name for name in MAIN_RANKINGS if (data["ranking"] == name).any()]
    for name in names:
        own, front = (rows[rows["ranking"] == name] for rows in (data, fronts))
        layout = str(own["layout"].iloc[0])
        stored = ", signature stored" if name == "distance" else ""
        label = f"ranked by {RANKING_LABELS[name]} ({layout}{stored})"
        _draw_front(axes, name, own, front, label)
    for variant in _NAMED:
        points = data[data["variant"] == variant]
        axes.plot(points["bytes_per_document"], points["value"], "ko", mfc="none", ms=11)
        for _, point in points[points["ranking"] == names[0]].iterrows():
            place = float(point["bytes_per_document"]), float(point["value"])
            axes.annotate(variant, place, xytext=(7, -14), textcoords="offset points")
    axes.set_xscale("log")
    axes.set_xticks([20, 50, 100, 200, 500, 1000, 2000, 5000])
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.minorticks_off()
    axes.set_xlim(0.9 * data["bytes_per_document"].min(), 1.1 * data["bytes_per_document"].max())
    reference = data.loc[data["variant"] == data["variant"].iloc[0], "value"].min()
    axes.set_ylim(max(0.0, reference - _BELOW), min(1.0, data["high"].max() + 0.02))
    axes.set_xlabel("bytes a document (filled: measured, open: predicted)")
    axes.set_ylabel("uAP, ties at their expected value, 95 % interval")
    axes.set_title("What does each byte buy?")
    axes.legend(loc="lower right")
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
        xerr=_reach(front, "bytes_per_document", "bytes_low", "bytes_high"),
        yerr=_reach(front, "value", "low", "high"),
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


def _reach(rows: pd.DataFrame, value: str, low: str, high: str) -> NDArray[np.float64]:
    """How far intervals reach to both sides, for error bars."""
    both = np.array([rows[value] - rows[low], rows[high] - rows[value]], dtype=np.float64)
    return np.maximum(both, 0.0)


#: Every figure by its file name, with the text that stands for it where it is not seen.
FIGURES: dict[str, Drawing] = {
    "word_grid": (
        word_grid,
        "Heat maps of micro average precision over the number of words and their length.",
    ),
    "pareto": (
        pareto,
        "Micro average precision over bytes a document, with the front of the best variants of "
        "each ranking.",
    ),
}
