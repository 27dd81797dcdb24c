"""Figures of a scoring run: what a byte buys, copies, fewer bits, plain, graphs, calibration."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.evaluate.judge import RECALL_AT_99, REPORT
from bench.evaluate.measures import UAP
from bench.evaluate.scorings import REFERENCE, get_scoring
from bench.kinds.scoring.choice import joined
from bench.kinds.scoring.clusters import ANY
from bench.report.axes import interval_points, label_points, plain_log
from bench.report.drawing import COLORS, Drawing, Drawn
from bench.report.rounding import confidence
from bench.runs.folder import RunFolder

_SHOWN = (UAP.name, RECALL_AT_99.name)
#: What a background is called in legends, and how its points look.
RULES = {
    "": ("as it comes", "o", COLORS[7]),
    "kth": ("less the k-th best of its answer", "s", COLORS[0]),
    "gap": ("less the k-th best behind the gap", "^", COLORS[1]),
}
#: What weights of words are called, and how the points of their scorings are filled; other points
#: are in the color of the rule.
WEIGHTS = {"idf": ("IDF", "white")}
#: What the points are ranked by; the tables have weights that were learned, and fusion, too.
_DRAWN = ("count", "idf", "hamming")
#: How far left and right of its index the points of a rule stand, so that none hides another.
_SIDE = {"": 0.97, "kth": 1.0, "gap": 1.03}


def points(folder: RunFolder, parts: list[str] | None = None) -> pd.DataFrame:
    """Every index and scoring with its bytes, and its values on each part."""
    return joined(folder.table("systems"), folder.table("scorings"), parts)


def _shown_points(folder: RunFolder) -> pd.DataFrame:
    """Of each index what ranks by itself, and image-match's own ranking.

    An index of bits and words has the points of two others.
    """
    data = points(folder)
    by = pd.Series([get_scoring(name).by for name in data["scoring"]], index=data.index)
    with_bits, with_words = (set(data.loc[by == one, "index"]) for one in ("hamming", "count"))
    data = data[by.isin(_DRAWN) & ~data["index"].isin(with_bits & with_words)]
    data = data[(data["value_of"] == "score") | (data["scoring"] == REFERENCE)]
    data = data[data["measure"].isin(_SHOWN)]
    columns = ["index", "scoring", "k", "part", "measure", "value", "low", "high"]
    columns += ["difference", "difference_low", "difference_high", "bytes_per_document", "rule"]
    return data[columns]


def front(folder: RunFolder) -> Drawn:
    """Quality over bytes a document, of all held-out queries."""
    data = _shown_points(folder)
    data = data[data["part"] == REPORT]
    sure = confidence(folder.config()["evaluation"])
    figure = Figure(figsize=(10.5, 6.2))
    for axes, measure in zip(figure.subplots(1, 2, sharey=True), _SHOWN, strict=True):
        own = data[data["measure"] == measure]
        _front_panel(axes, own)
        axes.set_title(measure)
        axes.set_xlabel("bytes a document")
        axes.set_ylim(0, 1.02)
        axes.set_xlim(0.8 * own["bytes_per_document"].min(), 1.6 * own["bytes_per_document"].max())
        best = own.sort_values("value", ascending=False).drop_duplicates("index")
        places = best["bytes_per_document"].to_list(), best["high"].to_list()
        if measure == UAP.name:
            axes.set_ylabel(f"held-out scenes, {sure} interval")
            label_points(axes, *places, best["index"].to_list(), size=8)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=9)
    return figure, data


def by_part(folder: RunFolder) -> Drawn:
    """The same of each part of the held-out queries."""
    data = _shown_points(folder)
    data = data[data["part"] != REPORT]
    parts = list(dict.fromkeys(data["part"]))
    figure = Figure(figsize=(10.5, 1.2 + 2.5 * len(parts)))
    grid = figure.subplots(len(parts), len(_SHOWN), squeeze=False, sharex=True)
    for row, part in zip(grid, parts, strict=True):
        for axes, measure in zip(row, _SHOWN, strict=True):
            own = data[(data["measure"] == measure) & (data["part"] == part)]
            _front_panel(axes, own)
            axes.set_title(f"{part}: {measure}", fontsize=10)
            axes.set_ylim(0, 1.02)
    for axes in grid[-1]:
        axes.set_xlabel("bytes a document")
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=9)
    return figure, data


def _front_panel(axes: Axes, own: pd.DataFrame) -> None:
    for rule, (label, marker, color) in RULES.items():
        of_rule = own[(own["rule"] == rule) & (own["scoring"] != REFERENCE)]
        weighed_by = [get_scoring(name).by for name in of_rule["scoring"]]
        ways = [by if by in WEIGHTS else "" for by in weighed_by]
        for place, (by, (called, face)) in enumerate(({"": ("score", color)} | WEIGHTS).items()):
            rows = of_rule[[way == by for way in ways]].reset_index(drop=True)
            if rows.empty:
                continue
            look = {"fmt": marker, "color": color, "mfc": face, "ms": 5, "elinewidth": 0.8}
            look |= {"label": f"{called} {label}", "capsize": None}
            at = rows["bytes_per_document"] * _SIDE[rule] * 1.015**place
            interval_points(axes, at, rows, look)
    rows = own[own["scoring"] == REFERENCE].head(1).reset_index(drop=True)
    look = {"fmt": "*", "color": "black", "ms": 11, "elinewidth": 0.8, "capsize": None}
    look |= {"label": "distance, as image-match ranks"}
    interval_points(axes, rows["bytes_per_document"], rows, look)
    axes.axhline(rows["value"].iloc[0], color="black", lw=0.6, ls=":")
    axes.set_xscale("log")
    plain_log(axes.xaxis)
    axes.tick_params(labelsize=8)


def clusters(folder: RunFolder) -> Drawn:
    """Quality over how often a picture was planted, by rule for the background."""
    data = folder.table("clusters")
    data = data[(data["measure"] == UAP.name) & (data["copies"] != ANY)]
    sources = [name for name in dict.fromkeys(data["source"]) if name.endswith("bits")][:1]
    sources = [data["source"].iloc[0], *sources]
    panels = [(sources[0], REFERENCE), (sources[0], "count")]
    panels += [(name, "hamming") for name in sources[1:]]
    figure = Figure(figsize=(4.2 * len(panels), 4.6))
    drawn = figure.subplots(1, len(panels), squeeze=False, sharey=True).ravel()
    sizes = sorted(set(data["copies"]))
    shown = []
    for axes, (source, base) in zip(drawn, panels, strict=True):
        of_source = data[data["source"] == source]
        for rule, (label, marker, color) in RULES.items():
            name = f"{base} - {rule}" if rule else base
            rows = of_source[of_source["scoring"] == name]
            for (k, chosen), tried in rows.groupby(["k", "chosen"]):
                if rule == "gap" and not chosen:
                    continue
                own = tried.sort_values("copies").reset_index(drop=True)
                style: Any = {"color": color, "marker": marker, "ms": 4}
                style |= {"alpha": 1.0 if chosen else 0.45, "lw": 1.4 if chosen else 0.8}
                axes.plot(own.index, own["value"], **style)
                if rule == "kth":
                    end = own.index[-1], own["value"].iloc[-1]
                    beside: Any = {"xytext": (4, 0), "textcoords": "offset points", "va": "center"}
                    axes.annotate(f"k = {k}", end, fontsize=7, **beside)
                shown.append(own)
            axes.plot([], [], color=color, marker=marker, label=label)
        axes.set_xticks(range(len(sizes)), [str(size) for size in sizes])
        axes.set_xlim(-0.2, len(sizes) - 0.6)
        axes.set_xlabel("planted copies of the picture")
        axes.set_title(f"{source}, {base}" if base == REFERENCE else source, fontsize=10)
    drawn[0].set_ylim(0, 1.02)
    drawn[0].set_ylabel(f"{UAP.name} on held-out scenes")
    handles, labels = drawn[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=9)
    return figure, pd.concat(shown, ignore_index=True)


def bits(folder: RunFolder) -> Drawn:
    """Quality over the number of bits, chosen by what they tell and evenly spaced."""
    data = folder.table("bits")
    figure = Figure(figsize=(9.5, 4.6))
    for axes, measure in zip(figure.subplots(1, 2, sharey=True), _SHOWN, strict=True):
        for color, how in zip(COLORS, ("chosen", "evenly"), strict=False):
            for rule, style in (("hamming", ":"), ("hamming - kth", "-")):
                own = data[(data["measure"] == measure) & (data["scoring"] == rule)]
                full = own[own["code"].str.endswith(">= 0")]
                own = pd.concat([own[own["code"].str.endswith(how)], full]).sort_values("bits")
                own = own.reset_index(drop=True)
                look = {"fmt": "o", "ls": style, "color": color, "ms": 4, "capsize": None}
                label = "chosen" if how == "chosen" else "evenly spaced"
                look |= {"elinewidth": 0.8, "label": f"{label}, {rule}"}
                interval_points(axes, own["bits"], own, look)
        axes.set_xlabel("bits a picture")
        axes.set_title(measure, fontsize=11)
        axes.set_ylim(0, 1.02)
    axes.legend(fontsize=8)
    return figure, data


def plain(folder: RunFolder) -> Drawn:
    """Quality and refused pictures over the least share of values that are not 0."""
    data = folder.table("plain")
    figure = Figure(figsize=(9.5, 4.6))
    names = list(dict.fromkeys(data["scoring"]))
    for axes, measure in zip(figure.subplots(1, 2, sharey=True), _SHOWN, strict=True):
        for color, name in zip(COLORS, names, strict=False):
            own = data[(data["measure"] == measure) & (data["scoring"] == name)]
            own = own.drop_duplicates("limit").reset_index(drop=True)
            look = {"fmt": "o-", "color": color, "ms": 4, "capsize": None, "elinewidth": 0.8}
            interval_points(axes, own["limit"], own, look | {"label": name})
        refused = data.drop_duplicates("limit")
        axes.plot(refused["limit"], refused["refused_queries"], "k--", lw=1, label="refused")
        axes.set_xlabel("least share of values that are not 0")
        axes.set_title(measure, fontsize=11)
        axes.set_ylim(0, 1.02)
    axes.legend(fontsize=8)
    return figure, data


def graph(folder: RunFolder) -> Drawn:
    """What graphs find of the flat scan's hits over the time of a request."""
    data = folder.table("graph")
    figure = Figure(figsize=(9.5, 5.2))
    axes = figure.subplots()
    flat = data[data["num_candidates"] == 0]
    graphs = data[data["num_candidates"] > 0]
    for color, (index, own) in zip(COLORS, graphs.groupby("index", sort=False), strict=False):
        first = own.iloc[0]
        label = f"{index}: m {first['m']}, ef_construction {first['ef_construction']}"
        axes.plot(own["latency_p50"], own["recall"], "o-", color=color, ms=4, lw=1, label=label)
        for row in own.to_dict("records"):
            beside: Any = {"xytext": (4, -9), "textcoords": "offset points", "color": color}
            at = row["latency_p50"], row["recall"]
            axes.annotate(str(row["num_candidates"]), at, fontsize=7, **beside)
    axes.plot(flat["latency_p50"], flat["recall"], "*", color="black", ms=11, label="flat scan")
    axes.set_xlim(left=0, right=1.05 * data["latency_p50"].max())
    axes.set_ylim(min(0.9, data["recall"].min() - 0.02), 1.01)
    axes.set_xlabel("median time of a request, ms; beside each point its num_candidates")
    axes.set_ylabel("share of the flat scan's hits")
    axes.legend(fontsize=8, loc="upper left")
    return figure, data


def calibration(folder: RunFolder) -> Drawn:
    """How often a best hit is a match, over the probability that its value was said to have."""
    data, told = folder.table("calibration"), folder.table("calibrated")
    names = list(dict.fromkeys(data["source"]))
    across = min(3, len(names))
    down = -(-len(names) // across)
    figure = Figure(figsize=(0.6 + 3.3 * across, 0.4 + 3.2 * down))
    grid = figure.subplots(down, across, squeeze=False, sharex=True, sharey=True)
    for axes in grid.ravel()[len(names) :]:
        axes.set_visible(False)
    for axes, source in zip(grid.ravel(), names, strict=False):
        axes.plot([0, 1], [0, 1], color="black", lw=0.6, ls=":")
        of_source = data[data["source"] == source]
        for color, name in zip(COLORS, dict.fromkeys(of_source["scoring"]), strict=False):
            own = of_source[of_source["scoring"] == name].reset_index(drop=True)
            row = told[(told["source"] == source) & (told["scoring"] == name)].iloc[0]
            look = {"fmt": "o-", "color": color, "ms": 4, "capsize": None, "elinewidth": 0.8}
            look |= {"lw": 0.8, "label": f"{name} (error {row['ece']:.3f})"}
            shown = own.rename(columns={"observed": "value"})
            interval_points(axes, shown["predicted"], shown, look)
        axes.set_title(source, fontsize=10)
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.02, 1.02)
        axes.legend(fontsize=7, loc="lower right")
    figure.supxlabel("probability said", fontsize=10)
    figure.supylabel("matches among best hits, held-out scenes", fontsize=10)
    return figure, data


#: Every figure by its file name, with the text that stands for it where it is not seen.
FIGURES: dict[str, Drawing] = {
    "front": (front, "Quality of every index and scoring over its bytes a document."),
    "by_part": (by_part, "The same for edits and natural pairs, and for each stratum."),
    "clusters": (
        clusters,
        "Micro average precision over the number of planted copies of a picture, by background.",
    ),
    "bits": (bits, "Quality over the number of bits a picture."),
    "graph": (graph, "Share of the flat scan's hits that graphs find, over the time of a request."),
    "plain": (plain, "Quality when pictures that say little are refused."),
    "calibration": (
        calibration,
        "Share of matches among best hits over the probability that their value was said to have.",
    ),
}
