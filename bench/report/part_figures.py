"""What ranking by distance gains on ranking by score, part by part of the queries."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from bench.evaluate.measures import UAP
from bench.report.axes import interval_points, where
from bench.report.drawing import COLORS, Drawn
from bench.report.rounding import confidence
from bench.runs.folder import RunFolder

#: By what queries are told apart, in the order in which it is shown, and in words.
PARTS = {
    "stratum": "stratum",
    "origin": "made here, or by publishers",
    "kind": "whole or tile",
    "texture": "texture, plainest tenth first",
    "edit": "edit",
}


def gap_by_part(folder: RunFolder, variant: str) -> Drawn:
    """Difference of distance and score in each part, with its interval."""
    table = where(folder.table("gaps"), variant=variant, measure=UAP.name)
    parts = [table[table["of"] == of] for of in PARTS]
    data = pd.concat(
        [own.sort_values("difference") if own["of"].eq("edit").all() else own for own in parts]
    )
    labels = data["part"].where(data["of"] != "texture", "texture " + data["part"]).to_list()
    figure = Figure(figsize=(8, 1.4 + 0.27 * len(data)))
    axes = figure.subplots()
    places = np.arange(len(data))[::-1]
    colors = dict(zip(PARTS, COLORS, strict=False))
    for of, color in colors.items():
        own = (data["of"] == of).to_numpy()
        if own.any():
            look = {"color": color, "lw": 1.2, "label": of}
            ends = "low", "high"
            interval_points(axes, places[own], data[own], look, "difference", ends, upright=False)
    axes.axvline(0, color="black", lw=0.8)
    axes.set_yticks(places, labels)
    axes.set_ylim(-0.7, len(data) - 0.3)
    sure = confidence(folder.config()["evaluation"])
    axes.set_xlabel(f"{UAP.name} by distance, less that by score; {sure} intervals")
    axes.set_title("Where does distance gain?")
    axes.legend(loc="best")
    return figure, data
