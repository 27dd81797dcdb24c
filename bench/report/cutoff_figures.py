"""Where to cut off, and what scores and distances look like, edit by edit."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from bench.report.axes import curve_in_band, where
from bench.report.drawing import COLORS, Drawn
from bench.report.rounding import confidence
from bench.report.summary import score_of
from bench.runs.folder import RunFolder

_DRAWN = {"precision": (COLORS[0], "-"), "recall": (COLORS[1], (0, (4, 1.5)))}


def precision_by_cutoff(folder: RunFolder, variant: str) -> Drawn:
    """Precision and recall over the cutoff of score and of distance, with intervals."""
    cutoffs = {  # that users set, and what each means
        "score": f"least score kept: {score_of(folder, variant)[0]}",
        "distance": "distance below which a result is kept",
    }
    curves = where(folder.table("curves"), variant=variant, half="all")
    data = curves[curves["ranking"].isin(cutoffs) & curves["precision"].notna()]
    figure = Figure(figsize=(10, 4.6))
    panels = figure.subplots(1, 2, sharey=True)
    for axes, (ranking, label) in zip(panels, cutoffs.items(), strict=True):
        own = data[data["ranking"] == ranking].sort_values("cutoff")
        for measure, (color, line) in _DRAWN.items():
            look = {"color": color, "ls": line, "label": measure}
            curve_in_band(axes, own["cutoff"], own, measure, 0.18, **look)
        axes.set_xlabel(label)
        axes.set_title(f"ranked by {ranking}")
    panels[0].set_ylim(0, 1.03)
    sure = confidence(folder.config()["evaluation"])
    panels[0].set_ylabel(f"precision, recall; {sure} interval")
    panels[0].legend(loc="center right")
    columns = ["variant", "ranking", "cutoff", "tp", "fp", "n_right", "precision", "precision_low"]
    columns += ["precision_high", "recall", "recall_low", "recall_high"]
    return figure, data[columns]


def scores_by_edit(folder: RunFolder, variant: str) -> Drawn:
    """Score against distance of right hits, a panel an edit, wrong hits behind each as hexagons."""
    table = folder.table("candidates")
    table = table[(table["variant"] == variant) & table["distance"].notna()]
    edits = folder.table("queries").set_index("query")["transform"]
    right = table[table["relation"] == "right"].assign(transform=table["query"].map(edits))
    wrong = table[table["relation"] == "wrong"]
    # The mildest edits first.
    names = right.groupby("transform")["distance"].median().sort_values(kind="stable").index
    columns = min(4, len(names))
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(10, 0.9 + 2.2 * rows))
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    most = max(right["score"].max(), wrong["score"].max())
    extent = (0.0, float(most), 0.0, 1.0)
    rng = np.random.default_rng(0)
    for axes, name in zip(panels, names, strict=False):
        own = right[right["transform"] == name]
        axes.hexbin(
            wrong["score"], wrong["distance"], gridsize=(32, 20), extent=extent,
            bins="log", mincnt=1, cmap="Greys", lw=0, rasterized=True,
        )  # fmt: skip
        shifted = own["score"] + rng.uniform(-0.35, 0.35, len(own))
        axes.plot(shifted, own["distance"], "o", color=COLORS[0], ms=3.5, alpha=0.6, mew=0)
        axes.set_title(f"{name} ({len(own)})", fontsize=11)
        axes.set_xlim(-1, most + 1)
        axes.set_ylim(0, 1)
    for axes in panels[len(names) :]:
        axes.remove()
    for axes in panels[max(0, len(names) - columns) : len(names)]:
        axes.tick_params(labelbottom=True)
    score = f"score: {score_of(folder, variant)[0]}"
    figure.supxlabel(f"{score}. Blue: right hits (how many), grey: wrong hits, all edits")
    figure.supylabel("distance of the signatures")
    return figure, _by_cell(right, wrong)


def _by_cell(right: pd.DataFrame, wrong: pd.DataFrame) -> pd.DataFrame:
    """Right hits one by one; wrong ones counted by score and hundredth of distance."""
    cells = wrong.assign(distance=wrong["distance"].round(2))
    counted = cells.groupby(["score", "distance"]).size().rename("hits").reset_index()
    columns = ["relation", "transform", "score", "distance", "hits"]
    return pd.concat(
        [right.assign(hits=1)[columns], counted.assign(relation="wrong", transform="all")[columns]],
        ignore_index=True,
    )
