"""Figures of the page "Where do the bytes go?"."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from bench.report.axes import label_points, plain_log, spread, titled
from bench.report.drawing import COLORS, Drawn
from bench.report.figures import bytes_of_fields
from bench.report.stacked import MOST_BARS, stacked_bytes
from bench.runs.folder import RunFolder


def bytes_by_layout(folder: RunFolder) -> Drawn:
    """Bars of bytes a document of every index, largest first, by what they are spent on."""
    fields, measured = bytes_of_fields(folder)
    return stacked_bytes(fields, measured.sort_values(ascending=False, kind="stable"))


def ghost(folder: RunFolder) -> Drawn:
    """The store right after loading, and when settled: what a hasty measurement would report."""
    variants = folder.table("variants")
    documents = variants["documents"]
    data = pd.DataFrame(
        {
            "variant": variants["variant"],
            "settled": variants["bytes_per_document"],
            "ghost": variants["ghost_bytes"] / documents,
            "loaded": variants["loaded_store_bytes"] / documents,
        }
    )
    data = data[data["ghost"] > 0].sort_values("loaded", ascending=False, kind="stable")
    data["other"] = (data["loaded"] - data["settled"] - data["ghost"]).clip(lower=0)
    shown = data.loc[spread(data["loaded"], MOST_BARS)]
    figure = Figure(figsize=(10, 2.2 + 0.34 * max(len(shown), 1)))
    axes = figure.subplots()
    rows, left = np.arange(len(shown))[::-1], np.zeros(len(shown))
    for column, color, label in (
        ("settled", COLORS[0], "settled"),
        ("ghost", COLORS[1], "copies of documents kept for recovery"),
        ("other", COLORS[7], "other, gone after the merge"),
    ):
        axes.barh(rows, shown[column], left=left, color=color, label=label, height=0.66)
        left += shown[column].to_numpy()
    axes.set_yticks(rows, shown["variant"])
    axes.set_ylim(-0.6, max(len(shown), 1) - 0.4)
    axes.set_xlabel("bytes a document on disk")
    title = "Measured too early: the store right after loading"
    axes.set_title(titled(title, len(shown), len(data), "bytes"))
    axes.grid(axis="y", visible=False)
    figure.legend(loc="outside lower center", ncols=3)
    return figure, data


def bytes_and_time(folder: RunFolder, rows: pd.DataFrame) -> Drawn:
    """How many times as fast as the first index each is searched, over bytes a document."""
    data = rows.dropna(subset=["search_p50"]).copy()
    first = data.loc[data["saved"] == 0, "variant"].iloc[0]
    speeds = ["search_ratio", "search_ratio_low", "search_ratio_high"]
    data[speeds] = data[speeds].fillna(1.0)
    figure = Figure(figsize=(9, 5.6))
    axes = figure.subplots()
    for same, own in data.groupby("same_hits"):
        value = own["search_ratio"]
        reach = [value - own["search_ratio_low"], own["search_ratio_high"] - value]
        axes.errorbar(
            own["bytes_per_document"],
            value,
            yerr=np.clip(reach, 0, None),
            fmt="o",
            lw=1,
            capsize=2,
            color=COLORS[0] if same else COLORS[1],
            mfc=COLORS[0] if same else "white",
            label="the same hits and scores" if same else "other hits",
        )
    axes.set_xscale("log")
    plain_log(axes.xaxis)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("bytes a document")
    axes.set_ylabel(f"speed of a search, times that of {first}, 95 % interval")
    axes.set_title("Bytes and time: median latency of one client, warm, signatures fetched")
    axes.legend(loc="upper right")
    axes.margins(x=0.12)
    label_points(
        axes,
        data["bytes_per_document"].to_list(),
        data["search_ratio"].to_list(),
        data["variant"].to_list(),
    )
    return figure, data
