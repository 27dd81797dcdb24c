"""Figures of a remedy run: what each finds of each edit, and what that takes."""

import pandas as pd
from matplotlib.figure import Figure

from bench.evaluate.measures import UAP
from bench.kinds.judged import FEW
from bench.kinds.remedies.tables import (
    CROPPED,
    OTHER,
    TURNED,
    groups,
    part_counts,
    remedy_rows,
)
from bench.report.axes import interval_points, label_points, plain_log
from bench.report.drawing import COLORS, Drawing, Drawn
from bench.report.heat import heat_map
from bench.runs.folder import RunFolder

_GROUPS = (TURNED, CROPPED, OTHER)


def front(folder: RunFolder) -> Drawn:
    """Quality over bytes a picture: of turned, of cropped and of otherwise edited ones."""
    data = front_rows(folder)
    there = [name for name in _GROUPS if name in set(data["part"])]
    figure = Figure(figsize=(4.6 * len(there) + 1, 5.4))
    for axes, part in zip(figure.subplots(1, len(there), squeeze=False)[0], there, strict=True):
        own = data[data["part"] == part].reset_index(drop=True)
        for number, (variant, every) in enumerate(own.groupby("variant", sort=False)):
            rows = every.reset_index(drop=True)
            look = {"fmt": "o", "color": COLORS[number % len(COLORS)], "ms": 5.5}
            look |= {"elinewidth": 0.8, "capsize": None, "label": str(variant)}
            interval_points(axes, rows["bytes_per_picture"], rows, look)
        axes.set_title(f"{part}")
        axes.set_xlabel("bytes a picture")
        axes.set_ylabel(f"{UAP.name} less the background" if part == there[0] else "")
        axes.set_xscale("log")
        size = own["bytes_per_picture"]
        axes.set_xlim(0.6 * size.min(), 2.4 * size.max())
        axes.set_ylim(0, 1.02)
        plain_log(axes.xaxis)
        axes.tick_params(labelsize=8)
        named = own[own["variant"] == own["variant"].iloc[0]]
        places = named["bytes_per_picture"].to_list(), named["value"].to_list()
        label_points(axes, *places, named["remedy"].to_list(), size=8)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=9)
    return figure, data


def front_rows(folder: RunFolder) -> pd.DataFrame:
    """Of `remedy_rows` those of groups of edits; there are none of natural pairs alone."""
    data = remedy_rows(folder).dropna(subset=["value"])
    return data[data["part"].isin(_GROUPS)]


def edits(folder: RunFolder, least: int = FEW) -> Drawn:
    """What each remedy finds of each edit: turned first, then cropped, then the others."""
    data = edit_rows(folder, least)
    table = data.pivot_table(index="source", columns="part", values="value", sort=False)
    drawn = heat_map(table, f"{UAP.name} by edit, less the background", ".2f")
    return drawn, data


def edit_rows(folder: RunFolder, least: int = 1) -> pd.DataFrame:
    """Of `remedy_rows` those of single edits and kinds of natural pairs, by their groups.

    Of each there are at least so many queries.
    """
    queries = folder.table("queries")
    group = groups(queries).groupby(queries["transform"]).first()
    data = remedy_rows(folder).dropna(subset=["value"])
    enough = data["part"].map(part_counts(queries)) >= least
    data = data[data["part"].isin(group.index) & enough]
    names = dict.fromkeys([*_GROUPS, *sorted(set(group))])
    order = {name: place for place, name in enumerate(names)}
    places = data["part"].map(group).map(order)
    return data.assign(group=data["part"].map(group)).iloc[places.argsort(kind="stable")]


#: Every figure by its file name, with the text that stands for it where it is not seen.
FIGURES: dict[str, Drawing] = {
    "front": (front, "Quality over bytes a picture of each remedy, by what was done to pictures."),
    "edits": (edits, "What is found of each edit with each remedy."),
}
