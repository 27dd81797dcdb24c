"""Figures of a speed run."""

import numpy as np
from matplotlib.figure import Figure

from bench.kinds.speed.config import BESIDE
from bench.report.axes import interval_points
from bench.report.drawing import COLORS, Drawing, Drawn
from bench.report.rounding import between, confidence, rounded
from bench.runs.folder import RunFolder

#: Our tools; the others stand beside them.
OURS = tuple(BESIDE)
_STAGES = ("decode", "signature", "encode", "bulk")


def speed_ratios(folder: RunFolder) -> Drawn:
    """Times of each tool on each kind of file, one panel a kind."""
    data = folder.table("goals")
    titles = list(dict.fromkeys(data["goal"]))
    counts = [int((data["goal"] == title).sum()) for title in titles]
    figure = Figure(figsize=(10, 0.75 * len(titles) + 0.34 * len(data)))
    panels = figure.subplots(len(titles), 1, squeeze=False, height_ratios=counts).ravel()
    for axes, title in zip(panels, titles, strict=True):
        rows = data[data["goal"] == title].sort_values("milliseconds")
        peer = str(rows.loc[rows["ratio"] == 1, "tool"].iloc[0])
        for place, row in enumerate(rows.to_dict("records")):
            color = COLORS[0] if row["tool"] in OURS else COLORS[7]
            text = f"  {rounded(row['milliseconds'], '.1f')} ms"
            if row["tool"] == peer:
                color = COLORS[1]
            else:
                ends = between(row["low"], row["high"], ".1f")
                text += f", {rounded(row['ratio'], '.1f')}× as fast ({ends})"
            axes.barh(place, row["milliseconds"], color=color, height=0.7)
            axes.text(row["milliseconds"], place, text, va="center", fontsize=9)
        axes.set_yticks(np.arange(len(rows)), list(rows["tool"]))
        axes.set_xlim(0, rows["milliseconds"].max() * 1.5)
        axes.grid(axis="y", visible=False)
        axes.set_title(title)
    panels[-1].set_xlabel("milliseconds a file, one core (median)")
    return figure, data


def fast_distances(folder: RunFolder) -> Drawn:
    """Distance of the fast to the exact signature, and equal words, by how far was reduced."""
    data = folder.table("effect").sort_values(["factor", "distance"], ignore_index=True)
    factors = sorted(data.loc[data["factor"] > 1, "factor"].unique())
    figure = Figure(figsize=(10, 4))
    panels = figure.subplots(1, 2)
    for color, factor in zip(COLORS, factors, strict=False):
        own = data[data["factor"] == factor]
        share = (np.arange(len(own)) + 1) / len(own)
        label = f"1/{factor} ({len(own)} photographs)"
        panels[0].step(own["distance"], share, where="post", color=color, label=label, lw=2)
        words = np.sort(1 - own["equal_words"].to_numpy())
        panels[1].step(words, share, where="post", color=color, label=label, lw=2)
    panels[0].set_xlabel("distance to the exact signature")
    panels[0].set_ylabel("share of photographs")
    panels[1].set_xlabel("share of the 63 words that differ")
    panels[0].set_title("Fast mode: how far off?")
    for axes in panels:
        axes.set_ylim(0, 1.02)
        axes.set_xlim(left=0)
    if factors:
        panels[1].legend(loc="lower right", title="each direction reduced to")
    return figure, data


def fast_quality(folder: RunFolder) -> Drawn:
    """Measures of a search with documents and queries signed either way."""
    data = folder.table("quality")
    measures = list(dict.fromkeys(data["measure"]))
    own = data[data["subset"] == "all"]
    combinations = list(dict.fromkeys(zip(own["documents"], own["queries"], strict=True)))
    sure = confidence(folder.config()["bootstrap"])
    figure = Figure(figsize=(11, 3.4))
    panels = figure.subplots(1, len(measures), sharey=True)
    for axes, measure in zip(np.atleast_1d(panels), measures, strict=True):
        for color, ranking, shift in zip(
            COLORS, ("score", "distance"), (0.12, -0.12), strict=False
        ):
            rows = own[(own["measure"] == measure) & (own["ranking"] == ranking)]
            rows = rows.assign(**{end: rows[end].fillna(rows["value"]) for end in ("low", "high")})
            places = np.arange(len(rows))[::-1] + shift
            look = {"color": color, "lw": 1.2, "label": f"ranked by {ranking}"}
            interval_points(axes, places, rows, look, upright=False)
        axes.set_xlabel(f"{measure}, {sure} interval")
    first = np.atleast_1d(panels)[0]
    names = [f"documents {d}, queries {q}" for d, q in combinations]
    first.set_yticks(np.arange(len(names))[::-1], names)
    figure.legend(*first.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    first.set_title("What the fast mode does to a search")
    return figure, own


def pipeline_stages(folder: RunFolder) -> Drawn:
    """Seconds that 1,000 images take, split by stage."""
    data = folder.table("stages")
    bars = list(dict.fromkeys(zip(data["variant"], data["decode_mode"], strict=True)))
    figure = Figure(figsize=(10, 1.8 + 0.6 * len(bars)))
    axes = figure.subplots()
    rows = np.arange(len(bars))[::-1]
    left = np.zeros(len(bars))
    for color, stage in zip(COLORS, _STAGES, strict=False):
        chosen = data[data["stage"] == stage].set_index(["variant", "decode_mode"])["seconds"]
        width = np.array([chosen[bar] for bar in bars])
        axes.barh(rows, width, left=left, color=color, label=stage, height=0.6)
        left += width
    for row, total in zip(rows, left, strict=True):
        axes.text(total, row, f"  {rounded(total, '.1f')} s", va="center")
    axes.set_yticks(rows, [f"{variant}, {mode}" for variant, mode in bars])
    axes.set_xlim(0, left.max() * 1.12)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("seconds for 1,000 images, one stage after the other")
    figure.legend(loc="outside lower center", ncols=len(_STAGES))
    axes.set_title("From files to an index: where does the time go?")
    return figure, data


def pipeline_memory(folder: RunFolder) -> Drawn:
    """Memory of the process that loads and of its workers, as images are indexed."""
    data = folder.table("memory")
    figure = Figure(figsize=(10, 4))
    axes = figure.subplots()
    for color, workers in zip(COLORS, sorted(set(data["workers"])), strict=False):
        label: str | None = f"{workers} worker{'s' if workers > 1 else ''}"
        of = data[data["workers"] == workers]
        for _, own in of.groupby(["variant", "repetition"], sort=False):
            axes.plot(own["seconds"], own["pss_bytes"] / 1e6, color=color, label=label, lw=1.2)
            label = None
    axes.set_ylim(bottom=0)
    axes.set_xlabel("seconds since the start")
    axes.set_ylabel("megabytes, workers included")
    axes.legend(loc="lower right")
    axes.set_title("Memory while files are signed and indexed")
    return figure, data


#: Every figure by its file name, with the text that stands for it where it is not seen.
FIGURES: dict[str, Drawing] = {
    "speed_ratios": (
        speed_ratios,
        "Bar chart of milliseconds a file for image-match, the exact and fast modes and decoding "
        "alone, by kind of file, with ratios.",
    ),
    "fast_distances": (
        fast_distances,
        "Cumulative distributions of the distance of fast to exact signatures and of the share of "
        "words that differ, by reduction.",
    ),
    "fast_quality": (
        fast_quality,
        "Recall at one, average precision and recall at 90 % precision for documents and queries "
        "signed exactly or fast, with intervals.",
    ),
    "pipeline_stages": (
        pipeline_stages,
        "Stacked bars of seconds for 1,000 images spent on decoding, signature, encoding and bulk "
        "requests.",
    ),
    "pipeline_memory": (
        pipeline_memory,
        "Memory over time of the loading process and its workers.",
    ),
}
