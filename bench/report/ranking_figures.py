"""Precision and recall by ranking, hits by score and distance, and where right answers are lost."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.evaluate.measures import RECALL_AT_1, UAP
from bench.report.axes import curve_in_band, interval_points, spread, titled, where, wrapped
from bench.report.drawing import (
    COLORS,
    MAIN_RANKINGS,
    RANKING_COLORS,
    RANKING_LABELS,
    RANKING_LINES,
    Drawn,
)
from bench.report.rounding import confidence, rounded
from bench.report.summary import joined, score_of
from bench.runs.folder import RunFolder

#: What became of right answers, from found to lost, in words.
_FATES = {
    "first": "found, first",
    "outranked": "found, a wrong one above it",
    "below_cutoff": "a candidate, below the cutoff",
    "not_candidate": "not among the candidates",
    "not_signed": "the query has no signature",
}
#: The most points drawn of wrong pairs.
_MOST_POINTS = 4_000
#: The most panels of curves; the table has all.
MOST_PANELS = 12


def curves_with_intervals(folder: RunFolder, variant: str) -> Drawn:
    """Precision over recall of each ranking, with pointwise intervals of precision."""
    curves = where(folder.table("curves"), variant=variant, half="all")
    data = curves[curves["precision"].notna() & curves["ranking"].isin(MAIN_RANKINGS)]
    figure = Figure(figsize=(8, 5))
    axes = figure.subplots()
    for ranking, curve in data.groupby("ranking", sort=False):
        name = str(ranking)
        look = {"color": RANKING_COLORS[name], "ls": RANKING_LINES[name]}
        label = RANKING_LABELS[name]
        curve_in_band(axes, curve["recall"], curve, "precision", 0.15, label=label, **look)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.03)
    axes.set_xlabel("recall of right images")
    axes.set_ylabel("precision of results")
    sure = confidence(folder.config()["evaluation"])
    axes.set_title(f"Precision and recall by ranking, {sure} intervals")
    axes.legend(loc="best")
    return figure, data


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
    of_uap = where(metrics, measure=UAP.name, transform="all", tie="expected")
    uap = of_uap.set_index(["variant", "ranking"])["value"]
    variants = list(spread(uap.xs("score", level="ranking").loc[list(titles)], MOST_PANELS))
    columns = min(3, len(variants))
    rows = -(-len(variants) // columns)
    figure = Figure(figsize=(max(6.0, 4.2 * columns), 4.2 * rows))
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    for axes, variant in zip(panels, variants, strict=False):
        own = data[data["variant"] == variant]
        for ranking, curve in own.groupby("ranking", sort=False):
            color = RANKING_COLORS[str(ranking)]
            label = f"{RANKING_LABELS[str(ranking)]}, {UAP.name} {rounded(uap[variant, ranking])}"
            look: Any = {"ls": RANKING_LINES[str(ranking)], "color": color, "label": label, "lw": 2}
            axes.plot(curve["recall"], curve["precision"], **look)
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
        figure.suptitle(titled("", len(variants), len(titles), f"{UAP.name} by score"))
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
        # Clear of the other curves: those of distance lie further out.
        sign, place, ha, va = "<", (7, 0), "left", "center"
        if ranking == "score":
            sign, place, ha, va = "≥", (-8, -4), "right", "top"
        look: Any = {"xytext": place, "textcoords": "offset points", "ha": ha, "va": va}
        axes.annotate(f"{sign} {cutoff:g}", (recall, precision), color=color, **look)


def recall_by_transform(folder: RunFolder) -> Drawn:
    """Recall@1 of each edit, score against distance, with Wilson or bootstrap intervals."""
    metrics = folder.table("metrics")
    rows = where(metrics[metrics["transform"] != "all"], measure=RECALL_AT_1.name, tie="expected")
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
        look = {"color": RANKING_COLORS[ranking], "label": f"ranked by {ranking}", "lw": 1.2}
        interval_points(axes, np.arange(len(order)) + shift, own, look, upright=False)
    axes.set_yticks(np.arange(len(order)), order)
    axes.set_xlim(0, 1.02)
    sure = confidence(folder.config()["evaluation"])
    axes.set_xlabel(f"{RECALL_AT_1.name}, ties at their expected value, {sure} interval")
    axes.set_title(f"Which edits are found? ({variant})")
    axes.legend(loc="lower left" if data["value"].min() > 0.4 else "best")
    columns = ["variant", "ranking", "transform", "value", "low", "high", "n"]
    return figure, data[columns]


def scores_against_distances(folder: RunFolder, variant: str) -> Drawn:
    """Every right pair and a sample of the wrong ones: score against distance."""
    table = folder.table("candidates")
    table = table[(table["variant"] == variant) & (table["relation"] != "ignored")]
    right = table[table["relation"] == "right"]
    wrong = table[table["relation"] == "wrong"]
    step = max(1, len(wrong) // _MOST_POINTS)
    # The best wrong hits are what a cutoff must keep out: of them more are drawn.
    best = (wrong["score"] >= 6).to_numpy()
    step_best = max(1, -(-int(best.sum()) // _MOST_POINTS))
    place = np.where(best, best.cumsum(), np.arange(len(wrong)))
    wrong = wrong[place % np.where(best, step_best, step) == 0]
    rng = np.random.default_rng(0)
    figure = Figure(figsize=(8, 5.2))
    axes = figure.subplots()
    for part, color, marker, label in (
        (wrong, COLORS[7], ".", "wrong"),
        (right, COLORS[0], "o", "right"),
    ):
        jitter = rng.uniform(-0.35, 0.35, len(part))
        axes.scatter(
            part["score"] + jitter, part["distance"], s=10, c=color, marker=marker,
            alpha=0.55, lw=0, label=label,
        )  # fmt: skip
    axes.axhline(0.45, color=COLORS[1], lw=1.2, ls=(0, (4, 2)))
    # Beyond the axes, where all scores are low, it would leave them no room.
    end = min(62, axes.get_xlim()[1])
    axes.text(end, 0.458, "distance 0.45", color=COLORS[1], ha="right", va="bottom")
    axes.plot(12, 0.474, "x", color=COLORS[1], ms=10, mew=2)
    axes.annotate("12 / 0.474", (12, 0.474), xytext=(8, 6), textcoords="offset points",
                  color=COLORS[1])  # fmt: skip
    counted, largest = score_of(folder, variant)
    axes.set_xlabel(f"score: {counted} (of {largest}, shifted a little so that points show)")
    axes.set_ylabel("distance of the signatures")
    some = "" if step_best == 1 else f"one in {step_best} of the "
    axes.set_title(f"Every right hit; {some}wrong ones of score 6 or more, and one in {step} below")
    axes.legend(loc="upper right", markerscale=2)
    columns = ["query", "doc", "score", "distance", "relation"]
    return figure, pd.concat([wrong, right])[columns]


def losses(folder: RunFolder, variant: str) -> Drawn:
    """What became of the right answers at the cutoffs tuned for 90 % and 99 % precision."""
    table = where(folder.table("losses"), variant=variant, transform="all")
    data = table[table["target"].isin(["P90", "P99"]) & table["ranking"].isin(MAIN_RANKINGS)]
    figure = Figure(figsize=(9, 3.6))
    axes = figure.subplots()
    rows = [(target, ranking) for target in ("P90", "P99") for ranking in MAIN_RANKINGS]
    shares_of = {
        (target, ranking): own.set_index("fate")["share"]
        for (target, ranking), own in data.groupby(["target", "ranking"])
    }
    rows = [row for row in rows if row in shares_of]
    places = np.arange(len(rows))[::-1]
    left = np.zeros(len(rows))
    colors = (COLORS[0], COLORS[5], COLORS[4], COLORS[1], COLORS[7])
    for (fate, words), color in zip(_FATES.items(), colors, strict=True):
        shares = [float(shares_of[row].get(fate, 0)) for row in rows]
        if not any(shares):
            continue
        axes.barh(places, shares, left=left, color=color, label=words, height=0.7)
        for place, start, share in zip(places, left, shares, strict=True):
            if share >= 0.03:
                ink = "white" if color in (COLORS[0], COLORS[1]) else "black"
                middle = start + share / 2
                axes.text(middle, place, rounded(share, ".0%"), ha="center", va="center", color=ink)
        left += shares
    labels = [f"{RANKING_LABELS[r]}, cutoff for {t[1:]} %" for t, r in rows]
    axes.set_yticks(places, labels)
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of the right answers (half of the scenes; cutoffs tuned on the other)")
    axes.grid(axis="y", visible=False)
    axes.set_title("Where right answers are lost")
    figure.legend(loc="outside lower center", ncols=3)
    return figure, data


def hybrid_bands(folder: RunFolder, variant: str) -> Drawn:
    """What is lost against ranking by distance, by the number of signatures fetched."""
    table = folder.table("hybrid")
    data = table[table["variant"] == variant]
    column = f"{UAP.name}_difference"
    fetched, difference = data["fetched"].to_numpy(), data[column].to_numpy()
    figure = Figure(figsize=(8, 4.4))
    axes = figure.subplots()
    ends = f"{column}_low", f"{column}_high"
    look = {"color": COLORS[2], "lw": 1, "alpha": 0.8}
    interval_points(axes, fetched, data, look, column, ends)
    for row in np.flatnonzero(data["chosen"].to_numpy()):
        band = data.iloc[row]
        axes.plot(fetched[row], difference[row], "s", color=COLORS[1], ms=10)
        said = f"scores {band['band_low']} to {band['band_high'] - 1}"
        below: Any = {"xytext": (0, -26), "textcoords": "offset points", "ha": "center"}
        axes.annotate(said, (fetched[row], difference[row]), color=COLORS[1], **below)
    axes.axhline(0, color=RANKING_COLORS["distance"], lw=1)
    axes.set_xscale("symlog", linthresh=1)
    axes.set_xlim(left=-0.1)
    axes.set_xlabel("signatures fetched a query")
    axes.set_ylabel(f"{UAP.name} less that of ranking by distance")
    sure = confidence(folder.config()["evaluation"])
    axes.set_title(f"Distance only where the score is in doubt, {sure} intervals")
    return figure, data


def cutoffs_by_size(folder: RunFolder, variant: str) -> Drawn:
    """How cutoffs must move, and what a fixed one does, as the collection grows."""
    table = where(folder.table("growth"), variant=variant, target="P90")
    data = table[table["ranking"].isin(MAIN_RANKINGS)]
    figure = Figure(figsize=(10, 4.2))
    left, right = figure.subplots(1, 2)
    _by_size(left, data[data["rule"] == "fixed"], "precision")
    left.set_ylabel("precision of the half not tuned on")
    left.set_title("A cutoff tuned at the smallest size")
    _by_size(right, data[data["rule"] == "own"], "recall")
    right.set_ylabel("recall of the half not tuned on")
    right.set_title("Cutoffs tuned at each size for 90 %")
    left.legend(loc="lower left")
    return figure, data


def _by_size(axes: Axes, data: pd.DataFrame, measure: str) -> None:
    shifts = {ranking: 1 + 0.03 * place for place, ranking in enumerate(MAIN_RANKINGS)}
    for ranking, own in data.groupby("ranking", sort=False):
        name = str(ranking)
        look = {
            "fmt": "o-",
            "color": RANKING_COLORS[name],
            "label": RANKING_LABELS[name],
            "lw": 1.4,
        }
        at, ends = own["documents"] * shifts[name], (f"{measure}_low", f"{measure}_high")
        interval_points(axes, at, own, {"fmt": "o-", "lw": 1.4} | look, measure, ends)
    axes.set_xscale("log")
    axes.set_ylim(0, 1.03)
    axes.set_xlabel("documents")
