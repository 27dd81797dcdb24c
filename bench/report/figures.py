"""The figures of a run, each from its tables alone."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.report.axes import spread, titled, wrapped
from bench.report.drawing import (
    MAIN_RANKINGS,
    RANKING_COLORS,
    RANKING_LABELS,
    RANKING_LINES,
    Drawing,
    Drawn,
)
from bench.report.rounding import rounded
from bench.report.stacked import stacked_bytes
from bench.report.summary import joined
from bench.runs.folder import RunFolder

#: Panels of curves at most; the table has all.
MOST_PANELS = 12


def bytes_per_document(folder: RunFolder) -> Drawn:
    """Bars of disk bytes a document, split by what they are spent on."""
    return stacked_bytes(*bytes_of_fields(folder))


def bytes_of_fields(folder: RunFolder) -> tuple[pd.DataFrame, "pd.Series[float]"]:
    """Estimated bytes a document by index, field and structure, and the measured bytes of each."""
    variants = folder.table("variants").set_index("variant")
    fields = folder.table("fields").rename(columns={"variant": "index"})
    documents = fields["index"].map(variants["documents"])
    fields["bytes_per_document"] = fields["bytes"] / documents
    return fields, variants["bytes_per_document"]


def precision_recall(folder: RunFolder) -> Drawn:
    """Precision over recall for every cutoff, score against distance, one panel a variant."""
    curves, metrics = folder.table("curves"), folder.table("metrics")
    data = curves[(curves["half"] == "all") & curves["precision"].notna()]
    data = data[data["ranking"].isin(MAIN_RANKINGS)]
    # Indices that differ in storage alone have the same curves: one panel for all of them.
    alike: dict[bytes, list[str]] = {}
    for name, own in data.groupby("variant", sort=False):
        key = own[["ranking", "cutoff", "tp", "fp"]].to_csv(index=False).encode()
        alike.setdefault(key, []).append(str(name))
    titles = {names[0]: joined(names) for names in alike.values()}
    uap = metrics[
        (metrics["measure"] == "uAP")
        & (metrics["transform"] == "all")
        & (metrics["tie"] == "expected")
    ].set_index(["variant", "ranking"])["value"]
    variants = list(spread(uap.xs("score", level="ranking").loc[list(titles)], MOST_PANELS))
    columns = min(3, len(variants))
    rows = -(-len(variants) // columns)
    figure = Figure(figsize=(max(6.0, 4.2 * columns), 4.2 * rows))
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    for axes, variant in zip(panels, variants, strict=False):
        own = data[data["variant"] == variant]
        for ranking, curve in own.groupby("ranking", sort=False):
            color = RANKING_COLORS[str(ranking)]
            label = f"{RANKING_LABELS[str(ranking)]}, uAP {rounded(uap[variant, ranking])}"
            axes.plot(
                curve["recall"],
                curve["precision"],
                ls=RANKING_LINES[str(ranking)],
                color=color,
                label=label,
                lw=2,
            )
            if len(variants) <= columns:  # smaller panels have no room for it
                _mark_cutoffs(axes, str(ranking), curve, color)
        axes.set_title(wrapped(titles[variant]))
        axes.legend(loc="lower left", fontsize=9)
    for axes in panels[len(variants) :]:
        axes.remove()
    for axes in panels[max(0, len(variants) - columns) : len(variants)]:
        axes.set_xlabel("recall of right images")
        axes.tick_params(labelbottom=True)
    for axes in panels[::columns]:
        axes.set_ylabel("precision of results")
    if len(variants) < len(titles):
        figure.suptitle(titled("", len(variants), len(titles), "uAP by score"))
    panels[0].set_ylim(0, 1.03)
    panels[0].set_xlim(0, 1)
    return figure, data.drop(columns="half")


def _mark_cutoffs(axes: Axes, ranking: str, curve: pd.DataFrame, color: str) -> None:
    """Label the cutoffs that users ask about."""
    wanted: tuple[float, ...] = {"score": (10, 20), "distance": (0.45,)}.get(ranking, ())
    for cutoff in wanted:
        point = curve[np.isclose(curve["cutoff"], cutoff)]
        if point.empty:
            continue
        recall, precision = float(point["recall"].iloc[0]), float(point["precision"].iloc[0])
        axes.plot(recall, precision, "o", color=color, ms=6)
        of_score = ranking == "score"
        axes.annotate(
            f"{'≥' if of_score else '<'} {cutoff:g}",
            (recall, precision),
            # Away from the other curves: those of distance lie further out.
            xytext=(-8, -4) if of_score else (7, 0),
            textcoords="offset points",
            ha="right" if of_score else "left",
            va="top" if of_score else "center",
            color=color,
        )


def recall_by_transform(folder: RunFolder) -> Drawn:
    """Recall@1 of each edit, score against distance, with Wilson or bootstrap intervals."""
    metrics = folder.table("metrics")
    rows = metrics[
        (metrics["measure"] == "recall@1")
        & (metrics["tie"] == "expected")
        & (metrics["transform"] != "all")
    ]
    with_distance = rows.loc[rows["ranking"] == "distance", "variant"]
    variant = (with_distance if len(with_distance) else rows["variant"]).iloc[0]
    data = rows[rows["variant"] == variant]
    order = data.groupby("transform")["value"].max().sort_values(kind="stable").index.to_list()
    figure = Figure(figsize=(8, 1.4 + 0.36 * len(order)))
    axes = figure.subplots()
    for ranking, shift in (("score", 0.14), ("distance", -0.14)):
        own = data[data["ranking"] == ranking].set_index("transform").reindex(order)
        if own["value"].isna().all():
            continue
        errors = np.array([own["value"] - own["low"], own["high"] - own["value"]])
        axes.errorbar(
            own["value"],
            np.arange(len(order)) + shift,
            xerr=np.clip(errors, 0, None),
            fmt="o",
            color=RANKING_COLORS[ranking],
            label=f"ranked by {ranking}",
            capsize=2,
            lw=1.2,
        )
    axes.set_yticks(np.arange(len(order)), order)
    axes.set_xlim(0, 1.02)
    axes.set_xlabel("recall@1, ties at their expected value, 95 % interval")
    axes.set_title(f"Which edits are found? ({variant})")
    axes.legend(loc="lower left" if data["value"].min() > 0.4 else "best")
    columns = ["variant", "ranking", "transform", "value", "low", "high", "n"]
    return figure, data[columns]


#: Every figure by its file name, with the text that stands for it where it is not seen.
FIGURES: dict[str, Drawing] = {
    "bytes_per_document": (
        bytes_per_document,
        "Bar chart of disk bytes a document for each variant, split by words, signature, source "
        "and internal fields.",
    ),
    "precision_recall": (
        precision_recall,
        "Precision–recall curves of ranking by score and by distance, one panel a variant.",
    ),
    "recall_by_transform": (
        recall_by_transform,
        "Recall at one for each kind of edit, ranked by score and by distance, with intervals.",
    ),
}
