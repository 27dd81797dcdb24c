"""Figures of the page "Score or distance?", each of one variant, from its run's tables alone."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.report.drawing import (
    COLORS,
    MAIN_RANKINGS,
    RANKING_COLORS,
    RANKING_LABELS,
    RANKING_LINES,
    Drawn,
)
from bench.report.rounding import rounded
from bench.runs.folder import RunFolder

#: What became of right answers, from found to lost, with the words for it.
FATES = {
    "first": "found, first",
    "outranked": "found, a wrong one above it",
    "below_cutoff": "a candidate, below the cutoff",
    "not_candidate": "not among the candidates",
    "not_signed": "the query has no signature",
}
#: Points drawn of wrong pairs, which are many.
_MOST_POINTS = 4_000


def curves_with_intervals(folder: RunFolder, variant: str) -> Drawn:
    """Precision over recall of each ranking, with pointwise intervals of precision."""
    curves = folder.table("curves")
    chosen = (curves["variant"] == variant) & (curves["half"] == "all")
    data = curves[chosen & curves["precision"].notna() & curves["ranking"].isin(MAIN_RANKINGS)]
    figure = Figure(figsize=(8, 5))
    axes = figure.subplots()
    for ranking, curve in data.groupby("ranking", sort=False):
        name = str(ranking)
        axes.fill_between(
            curve["recall"],
            curve["precision_low"],
            curve["precision_high"],
            color=RANKING_COLORS[name],
            alpha=0.15,
            lw=0,
        )
        axes.plot(
            curve["recall"],
            curve["precision"],
            color=RANKING_COLORS[name],
            ls=RANKING_LINES[name],
            label=RANKING_LABELS[name],
            lw=2,
        )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.03)
    axes.set_xlabel("recall of right images")
    axes.set_ylabel("precision of results")
    axes.set_title("Precision and recall by ranking, 95 % intervals")
    axes.legend(loc="lower left")
    return figure, data


def scores_against_distances(folder: RunFolder, variant: str) -> Drawn:
    """Every right pair and a sample of the wrong ones: score against distance."""
    table = folder.table("candidates")
    table = table[(table["variant"] == variant) & (table["relation"] != "ignored")]
    right = table[table["relation"] == "right"]
    wrong = table[table["relation"] == "wrong"]
    step = max(1, len(wrong) // _MOST_POINTS)
    # The best wrong hits are what a cutoff must keep out: all of them are drawn.
    wrong = wrong[(wrong["score"] >= 6) | (np.arange(len(wrong)) % step == 0)]
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
    axes.text(62, 0.458, "distance 0.45", color=COLORS[1], ha="right", va="bottom")
    axes.plot(12, 0.474, "x", color=COLORS[1], ms=10, mew=2)
    axes.annotate("12 / 0.474", (12, 0.474), xytext=(8, 6), textcoords="offset points",
                  color=COLORS[1])  # fmt: skip
    axes.set_xlabel("score: equal words (of 63, shifted a little so that points show)")
    axes.set_ylabel("distance of the signatures")
    axes.set_title(f"Every right hit; wrong ones of score 6 or more, and one in {step} below")
    axes.legend(loc="upper right", markerscale=2)
    columns = ["query", "doc", "score", "distance", "relation"]
    return figure, pd.concat([wrong, right])[columns]


def losses(folder: RunFolder, variant: str) -> Drawn:
    """What became of the right answers at the cutoffs tuned for 90 % and 99 % precision."""
    table = folder.table("losses")
    chosen = (table["variant"] == variant) & (table["transform"] == "all")
    data = table[
        chosen & table["target"].isin(["P90", "P99"]) & table["ranking"].isin(MAIN_RANKINGS)
    ]
    figure = Figure(figsize=(9, 3.6))
    axes = figure.subplots()
    rows = [(target, ranking) for target in ("P90", "P99") for ranking in MAIN_RANKINGS]
    rows = [row for row in rows if len(_of(data, *row))]
    places = np.arange(len(rows))[::-1]
    left = np.zeros(len(rows))
    colors = (COLORS[0], COLORS[5], COLORS[4], COLORS[1], COLORS[7])
    for (fate, words), color in zip(FATES.items(), colors, strict=True):
        shares = [float(_of(data, *row).set_index("fate")["share"].get(fate, 0)) for row in rows]
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


def _of(data: pd.DataFrame, target: str, ranking: str) -> pd.DataFrame:
    return data[(data["target"] == target) & (data["ranking"] == ranking)]


def hybrid_bands(folder: RunFolder, variant: str) -> Drawn:
    """What is lost against ranking by distance, by the number of signatures fetched."""
    table = folder.table("hybrid")
    data = table[table["variant"] == variant]
    difference, low, high = (
        data[f"uAP_difference{end}"].to_numpy() for end in ("", "_low", "_high")
    )
    fetched = data["fetched"].to_numpy()
    figure = Figure(figsize=(8, 4.4))
    axes = figure.subplots()
    errors = np.clip(np.array([difference - low, high - difference]), 0, None)
    axes.errorbar(
        fetched, difference, yerr=errors, fmt="o", color=COLORS[2], capsize=2, lw=1, alpha=0.8
    )
    for row in np.flatnonzero(data["chosen"].to_numpy()):
        band = data.iloc[row]
        axes.plot(fetched[row], difference[row], "s", color=COLORS[1], ms=10)
        axes.annotate(
            f"scores {band['band_low']} to {band['band_high'] - 1}",
            (fetched[row], difference[row]),
            xytext=(0, -26),
            textcoords="offset points",
            ha="center",
            color=COLORS[1],
        )
    axes.axhline(0, color=RANKING_COLORS["distance"], lw=1)
    axes.set_xscale("symlog", linthresh=1)
    axes.set_xlim(left=-0.1)
    axes.set_xlabel("signatures fetched a query")
    axes.set_ylabel("uAP less that of ranking by distance")
    axes.set_title("Distance only where the score is in doubt, 95 % intervals")
    return figure, data


def cutoffs_by_size(folder: RunFolder, variant: str) -> Drawn:
    """How cutoffs must move, and what a fixed one does, as the collection grows."""
    table = folder.table("growth")
    chosen = (table["variant"] == variant) & (table["target"] == "P90")
    data = table[chosen & table["ranking"].isin(MAIN_RANKINGS)]
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
        errors = np.array(
            [own[measure] - own[f"{measure}_low"], own[f"{measure}_high"] - own[measure]]
        )
        axes.errorbar(
            own["documents"] * shifts[name], own[measure], yerr=np.clip(errors, 0, None),
            fmt="o-", color=RANKING_COLORS[name], label=RANKING_LABELS[name], capsize=2, lw=1.4,
        )  # fmt: skip
    axes.set_xscale("log")
    axes.set_ylim(0, 1.03)
    axes.set_xlabel("documents")
