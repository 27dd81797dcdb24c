"""Figures of the costs, each from its tables alone."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.cost.settings import Condition
from bench.report.drawing import Drawing, Drawn
from bench.report.stacked import wrapped
from bench.report.style import COLORS
from bench.runs.folder import RunFolder

_AXES = ("clients", "minimum_should_match", "fetch", "state")


def label(condition: "pd.Series[float]") -> str:
    """What differs from the base, as a reader says it.

    Examples
    --------
    >>> label(pd.Series({"clients": 8, "minimum_should_match": 1, "fetch": "id", "state": "warm"}))
    '8 clients, only ids'
    """
    base = Condition()
    said = {
        "clients": f"{condition['clients']} clients",
        "minimum_should_match": f"at least {condition['minimum_should_match']} words",
        "fetch": f"only {condition['fetch']}s",
        "state": str(condition["state"]),
    }
    return ", ".join(said[axis] for axis in _AXES if condition[axis] != getattr(base, axis)) or (
        "1 client, warm, signature where stored"
    )


def latency_ratios(folder: RunFolder) -> Drawn:
    """Bars of the median latency of each variant over the first's, a group a condition."""
    table = folder.table("search_cost")
    data = table[(table["clock"] == "latency") & table["ratio_to_first"].notna()].copy()
    data["condition"] = [label(row) for _, row in data.iterrows()]
    colors = _colors(table)
    first = next(iter(colors))
    data = data[data["variant"] != first]
    figure = Figure(figsize=(9.0, 1.4 + 0.24 * len(data) + 0.2 * data["condition"].nunique()))
    axes = figure.subplots()
    _bars(axes, data, colors)
    axes.axvline(1.0, color="k", lw=1)
    axes.set_xlabel(f"median latency, times that of {first} (shorter is faster; 95 % interval)")
    axes.set_title("How long does a search take?")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    columns = ["condition", "variant", "n", "p50", "p95", "p99", "ratio_to_first", "low", "high"]
    return figure, data[columns]


def _colors(table: pd.DataFrame) -> dict[str, str]:
    """A colour for each variant, the same in every figure."""
    names = table["variant"].unique()
    return {str(name): COLORS[number % len(COLORS)] for number, name in enumerate(names)}


def _bars(axes: Axes, data: pd.DataFrame, colors: dict[str, str]) -> None:
    variants, conditions = list(data["variant"].unique()), list(data["condition"].unique())
    height = 0.8 / max(len(variants), 1)
    for number, variant in enumerate(variants):
        own = data[data["variant"] == variant].set_index("condition")
        rows = np.array([-conditions.index(name) for name in own.index], dtype=np.float64)
        ratio = own["ratio_to_first"].to_numpy()
        error = np.array([ratio - own["low"].to_numpy(), own["high"].to_numpy() - ratio])
        axes.barh(
            rows + 0.4 - (number + 0.5) * height,
            ratio,
            height=height * 0.9,
            xerr=np.clip(error, 0, None),
            error_kw={"lw": 0.9},
            color=colors[variant],
            # More variants than colours: those that have one again are hatched.
            hatch="////" if list(colors).index(variant) >= len(COLORS) else None,
            edgecolor="white",
            lw=0.4,
            label=variant,
        )
    axes.set_yticks(-np.arange(len(conditions)), [wrapped(name) for name in conditions])
    axes.set_xlim(left=0)
    axes.grid(axis="y", visible=False)


def least_words(folder: RunFolder) -> Drawn:
    """What ``minimum_should_match`` saves in time, and what it loses of the right answers."""
    table = folder.table("search_cost")
    base = Condition()
    same = (table["clock"] == "latency") & (table["clients"] == base.clients)
    same &= (table["fetch"] == base.fetch) & (table["state"] == base.state)
    data = table[same].sort_values("minimum_should_match", kind="stable")
    figure = Figure(figsize=(9.0, 5.2))
    left, right = figure.subplots(1, 2)
    for variant, color in _colors(table).items():
        own = data[data["variant"] == variant]
        if len(own) < 2:  # no words that could have to match
            continue
        style: Any = {"color": color, "marker": "o", "ms": 4, "label": variant}
        at_base = own.loc[own["minimum_should_match"] == 1, "p50"].iloc[0]
        left.plot(own["minimum_should_match"], own["p50"] / at_base, **style)
        lost = own["right_lost"] / own["right_at_base"]
        error = [lost - own["lost_low"], own["lost_high"] - lost]
        right.errorbar(
            own["minimum_should_match"], lost, yerr=np.clip(error, 0, None), capsize=2, **style
        )
    left.set_ylabel("median latency, times that at 1")
    right.set_ylabel("right answers lost, share of those at 1")
    for axes in (left, right):
        axes.set_ylim(bottom=0)
    for axes in (left, right):
        axes.set_xlabel("words that must match")
        axes.set_xticks(sorted(data["minimum_should_match"].unique()))
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    columns = ["variant", "minimum_should_match", "n", "p50", "right_at_base", "right_lost"]
    return figure, data[[*columns, "lost_low", "lost_high"]]


#: Every figure by its file name, with the text that stands for it where it is not seen.
FIGURES: dict[str, Drawing] = {
    "latency_ratios": (
        latency_ratios,
        "Bar chart of median search latency relative to the first variant, a group of bars for "
        "each condition, with intervals.",
    ),
    "least_words": (
        least_words,
        "Two panels over the least number of matching words: median latency, and the share of "
        "right answers that is lost.",
    ),
}
