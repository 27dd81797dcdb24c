"""The figures of a run, each from its tables alone."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.report.style import COLORS, RANKING_COLORS
from bench.report.summary import joined
from bench.run_folder import RunFolder

#: A figure and the data it shows.
Drawn = tuple[Figure, pd.DataFrame]

#: Kinds of data in an index, as a reader thinks of them, by prefix of the field's name.
PARTS = (("simple_word_", "words"), ("signature", "signature"), ("path", "path"), ("_", "internal"))


def bytes_per_document(folder: RunFolder) -> Drawn:
    """Bars of disk bytes a document, split by what they are spent on.

    The length of a bar is the measured store. Its parts are Elasticsearch's own estimates by field;
    what these leave over is shown as such, and where they come to more they are scaled down.
    """
    variants, fields = folder.table("variants"), folder.table("fields")
    parts = map(_part, fields["field"], fields["structure"])
    fields = fields.assign(part=list(parts))
    data = fields.pivot_table(
        index="variant", columns="part", values="bytes", aggfunc="sum", fill_value=0
    ).loc[variants["variant"]]
    data = data.div(variants["documents"].to_numpy(), axis=0)
    measured = pd.Series(variants["bytes_per_document"].to_numpy(), index=data.index)
    estimated = data.sum(axis=1)
    data = data.mul((measured / estimated).clip(upper=1.0), axis=0)
    data = data[data.max().sort_values(ascending=False).index]
    data["not attributed"] = (measured - estimated).clip(lower=0.0)

    figure = Figure(figsize=(10, 2.2 + 0.6 * len(data)))
    axes = figure.subplots()
    left = np.zeros(len(data))
    rows = np.arange(len(data))[::-1]
    for color, part in zip(COLORS[: len(data.columns)], data.columns, strict=True):
        axes.barh(rows, data[part], left=left, color=color, label=part, height=0.62)
        left += data[part].to_numpy()
    for row, total in zip(rows, left, strict=True):
        axes.text(total, row, f"  {total:,.0f}", va="center")
    axes.set_yticks(rows, [_wrapped(name) for name in data.index])
    axes.set_xlabel("bytes a document on disk (primary store, one merged segment)")
    axes.set_xlim(0, left.max() * 1.12)
    axes.grid(axis="y", visible=False)
    figure.legend(loc="outside lower center", ncols=4)
    axes.set_title("Where do the bytes go?")
    return figure, data.reset_index()


def _wrapped(name: str, width: int = 26) -> str:
    """A long index name in two lines, broken at a hyphen."""
    if len(name) <= width or "-" not in name[:width]:
        return name
    at = name.rindex("-", 0, width) + 1
    return name[:at] + "\n" + name[at:]


def _part(field: str, structure: str) -> str:
    if field == "_source":
        return "JSON source"
    for prefix, part in PARTS:
        if field.startswith(prefix):
            split = part in ("words", "signature")
            kind = "doc values" if structure == "doc_values" else "index"
            return f"{part}: {kind}" if split else part
    return "other"


def precision_recall(folder: RunFolder) -> Drawn:
    """Precision over recall for every cutoff, score against distance, one panel a variant."""
    curves, metrics = folder.table("curves"), folder.table("metrics")
    data = curves[(curves["half"] == "all") & curves["precision"].notna()]
    # Indices that differ in storage alone have the same curves: one panel for all of them.
    alike: dict[bytes, list[str]] = {}
    for name, own in data.groupby("variant", sort=False):
        key = own[["ranking", "cutoff", "tp", "fp"]].to_csv(index=False).encode()
        alike.setdefault(key, []).append(str(name))
    titles = {names[0]: joined(names) for names in alike.values()}
    variants = list(titles)
    columns = min(3, len(variants))
    rows = -(-len(variants) // columns)
    figure = Figure(figsize=(max(6.0, 4.2 * columns), 4.2 * rows))
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    for axes, variant in zip(panels, variants, strict=False):
        own = data[data["variant"] == variant]
        for ranking, curve in own.groupby("ranking", sort=False):
            color = RANKING_COLORS[str(ranking)]
            chosen = metrics[
                (metrics["variant"] == variant)
                & (metrics["ranking"] == ranking)
                & (metrics["measure"] == "uAP")
                & (metrics["transform"] == "all")
                & metrics["tie"].isin(["expected", "none"])
            ]
            label = f"{ranking}, uAP {chosen['value'].iloc[0]:.3f}"
            dashes = "-" if ranking == "distance" else (0, (4, 1.5))
            axes.plot(
                curve["recall"], curve["precision"], ls=dashes, color=color, label=label, lw=2
            )
            _mark_cutoffs(axes, str(ranking), curve, color)
        axes.set_title(_wrapped(titles[variant]))
        axes.legend(loc="lower left")
    for axes in panels[len(variants) :]:
        axes.set_visible(False)
    for axes in panels[-columns:]:
        axes.set_xlabel("recall of right images")
    for axes in panels[::columns]:
        axes.set_ylabel("precision of results")
    panels[0].set_ylim(0, 1.03)
    panels[0].set_xlim(0, 1)
    return figure, data.drop(columns="half")


def _mark_cutoffs(axes: Axes, ranking: str, curve: pd.DataFrame, color: str) -> None:
    """Label the cutoffs that users ask about."""
    wanted = (10, 20) if ranking == "score" else (0.45,)
    for cutoff in wanted:
        point = curve[np.isclose(curve["cutoff"], cutoff)]
        if point.empty:
            continue
        recall, precision = float(point["recall"].iloc[0]), float(point["precision"].iloc[0])
        axes.plot(recall, precision, "o", color=color, ms=6)
        sign = "≥" if ranking == "score" else "<"
        axes.annotate(
            f"{sign} {cutoff:g}",
            (recall, precision),
            xytext=(-8, -4),
            textcoords="offset points",
            ha="right",
            va="top",
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
FIGURES: dict[str, tuple[Callable[[RunFolder], Drawn], str]] = {
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
