"""The figure of a node run: what a client waits for while a node is lost."""

import numpy as np
from matplotlib.figure import Figure

from bench.kinds.nodes.arrangements import COPIED
from bench.kinds.nodes.losing import SAME
from bench.report.axes import plain_log
from bench.report.drawing import COLORS, Drawing, Drawn
from bench.runs.folder import RunFolder


def loss(folder: RunFolder) -> Drawn:
    """Latency of each search over the seconds since the node was killed, failed ones marked."""
    data = folder.table("lost")
    data = data[data["arrangement"] == COPIED].reset_index(drop=True)
    recovery = folder.table("recovery")
    again_after = dict(zip(recovery["variant"], recovery["copies"], strict=True))
    figure = Figure(figsize=(9, 4.6))
    axes = figure.subplots()
    for number, (variant, own) in enumerate(data.groupby("variant", sort=False)):
        color = COLORS[number % len(COLORS)]
        good, bad = own[own["outcome"] == SAME], own[own["outcome"] != SAME]
        axes.plot(good["seconds"], good["latency_ms"], ".", ms=4, color=color, label=str(variant))
        if len(bad):
            label = f"{variant}, no whole answer"
            axes.plot(bad["seconds"], bad["latency_ms"], "x", ms=7, color=color, label=label)
        again = again_after[str(variant)]
        if np.isfinite(again):
            axes.axvline(again, color=color, lw=1, ls="--")
    axes.axvline(0, color="black", lw=1)
    axes.set_yscale("log")
    plain_log(axes.yaxis)
    axes.set_xlabel("seconds since a node was killed; dashed: every copy is there again")
    axes.set_ylabel("ms, client")
    axes.set_title("What does a search wait for while a node is lost?")
    figure.legend(loc="outside lower center", ncols=2)
    return figure, data


#: Every figure by its file name, with the text that stands for it where it is not seen.
FIGURES: dict[str, Drawing] = {
    "loss": (loss, "Latency of each search over the seconds since a node was killed."),
}
