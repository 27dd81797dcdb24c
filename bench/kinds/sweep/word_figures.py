"""Figures of the words: how much each tells by its place, and chosen words against even ones."""

import numpy as np
from matplotlib.figure import Figure

from bench.kinds.sweep.words import COLLECTION_SIZES
from bench.report.drawing import COLORS, Drawing, Drawn
from bench.runs.folder import RunFolder

_KINDS = {"even": ("evenly spaced", COLORS[0], "o"), "greedy": ("chosen greedily", COLORS[1], "s")}
_SHOWN = ("uAP", "R@P90", "recall@1", "candidate_recall@100")


def word_positions(folder: RunFolder) -> Drawn:
    """Collision entropy, accidental matches, and repetition over right pairs, by word."""
    data = folder.table("words")
    size = COLLECTION_SIZES[1]
    panels = (
        ("collision_bits", "collision entropy, bits"),
        (f"matches_at_{size}", f"accidental matches at {size / 1e6:,.0f} M images"),
        ("repeated_right", "largest correlation with another word"),
    )
    figure = Figure(figsize=(9.5, 8.5))
    axes = figure.subplots(len(panels), 1, sharex=True)
    for place, (column, label) in zip(axes, panels, strict=True):
        for color, marker, (name, own) in zip(
            COLORS, "os^v", data.groupby("variant", sort=False), strict=False
        ):
            place.plot(own["position"], own[column], marker, ms=4, color=color, label=str(name))
        place.set_ylabel(label, fontsize=9)
    axes[1].set_yscale("log")
    axes[2].set_ylim(0, 1.02)
    axes[0].set_title("Which words matter?")
    # Beside the panels: the points fill them from edge to edge.
    axes[0].legend(loc="center left", bbox_to_anchor=(1.0, 0.5), title="words")
    axes[-1].set_xlabel("where the word begins, value of the signature")
    columns = ["variant", "word", "position", *(column for column, _ in panels)]
    return figure, data[columns]


def chosen_words(folder: RunFolder) -> Drawn:
    """Quality of words chosen on one half against evenly spaced ones, on the other half."""
    data = folder.table("greedy")
    names = [measure for measure in _SHOWN if (data["measure"] == measure).any()]
    figure = Figure(figsize=(3.1 * len(names), 4.2))
    panels = figure.subplots(1, len(names), squeeze=False, sharey=True).ravel()
    for axes, name in zip(panels, names, strict=True):
        own = data[data["measure"] == name].reset_index(drop=True)
        place = np.arange(len(own), dtype=np.float64)
        for shift, (kind, (label, color, marker)) in zip(
            (-0.12, 0.12), _KINDS.items(), strict=True
        ):
            value = own[kind]
            reach = np.clip([value - own[f"{kind}_low"], own[f"{kind}_high"] - value], 0, None)
            axes.errorbar(
                place + shift,
                value,
                yerr=reach,
                fmt=marker,
                color=color,
                ms=5,
                elinewidth=1,
                label=label,
            )
        axes.set_xticks(place, [str(count) for count in own["N"]])
        axes.set_title(name, fontsize=11)
        axes.set_xlabel("words, N")
    panels[0].set_ylabel("share, on the half of the scenes\nnot chosen on, 95 % interval")
    panels[0].set_ylim(0, 1)
    panels[0].legend(loc="lower right", fontsize=9)
    return figure, data


#: Every figure by its file name, with the text that stands for it where it is not seen.
FIGURES: dict[str, Drawing] = {
    "word_positions": (
        word_positions,
        "Entropy, accidental matches and repetition of each word by its place in the signature.",
    ),
    "chosen_words": (
        chosen_words,
        "Search quality of greedily chosen words and of evenly spaced ones, by number of words.",
    ),
}
