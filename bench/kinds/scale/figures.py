"""Figures of a scale run, each from its tables alone."""

from collections.abc import Hashable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from bench.kinds.synthetic.likeness import STATISTICS
from bench.report.axes import interval_points, label_points, plain_log, wrapped
from bench.report.drawing import COLORS, Drawing, Drawn
from bench.report.rounding import confidence, rounded
from bench.runs.folder import RunFolder
from bench.sizes.fit import NUMBER_STEPS, number_bytes
from bench.sizes.projection import GB

_NAMES = {
    "distinct_words": "different words",
    "entropy_bits": "entropy, bits",
    "commonest_share": "share of the commonest word",
    "once_share": "share of words that occur once",
}


def growth(folder: RunFolder) -> Drawn:
    """Bytes a document over documents in the shard: measured, fitted, predicted."""
    sizes, fits, projections = (folder.table(n) for n in ("sizes", "fits", "projections"))
    measured = sizes[sizes["origin"] == "collection"]
    variants = list(measured["variant"].unique())
    columns = min(2, len(variants))
    rows = -(-len(variants) // columns)
    # Two labels side by side take a bit more than the width of a panel.
    figure = Figure(figsize=(max(7.4, 6.2 * columns), 0.9 + 3.5 * rows))
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True).ravel()
    curves = []
    for axes, variant in zip(panels, variants, strict=False):
        fit = fits[fits["variant"] == variant].iloc[-1]
        shards = projections.loc[projections["variant"] == variant, "documents_per_shard"]
        curves.append(_panel(axes, measured[measured["variant"] == variant], fit, shards.max()))
        axes.set_title(wrapped(str(variant)))
    for axes in panels[len(variants) :]:
        axes.set_visible(False)
    for axes in panels[max(0, len(variants) - columns) : len(variants)]:
        axes.set_xlabel("documents in the shard")
        axes.tick_params(labelbottom=True)
    figure.supylabel("bytes a document (one merged segment)")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=columns + 1)
    return figure, pd.concat(curves, ignore_index=True)


def _panel(axes: Axes, own: pd.DataFrame, fit: "pd.Series[float]", shard: int) -> pd.DataFrame:
    steps = [n for n in NUMBER_STEPS if own["documents"].min() < n < shard]
    grid = np.geomspace(own["documents"].min(), max(shard, own["documents"].max()), 240)
    # Both sides of each step, so that it is drawn upright. Whole documents, and millionths of a
    # byte: the last bits of a logarithm are not the same on every processor.
    n = np.unique(np.rint(np.concatenate([grid, *([s, s + 1] for s in steps)])))
    goes_on, ended = _curve(fit, n, trend_ends=False), _curve(fit, n, trend_ends=True)
    axes.plot(n, ended, color=COLORS[0], lw=1.8, label=f"fit ({fit['model']}), trend ends")
    axes.fill_between(
        n, goes_on, ended, color=COLORS[5], alpha=0.35, lw=0, label="trend goes on as long again"
    )
    of_real = own["synthetic"] == 0
    for mask, face, label in (
        (of_real, COLORS[1], "measured, real documents"),
        (~of_real, "white", "measured, real and synthetic"),
    ):
        points = own.loc[mask, "documents"], own.loc[mask, "bytes_per_document"]
        axes.plot(*points, "o", mfc=face, mec=COLORS[1], ms=6, zorder=3, label=label)
    if np.isfinite(fit["predicted"]):
        ends = "predicted_low", "predicted_high"
        look = {"fmt": "D", "ms": 4, "color": COLORS[2], "capsize": 3, "zorder": 4}
        look |= {"label": "predicted from the smaller sizes"}
        predicted = fit[["held_out", "predicted", *ends]].to_frame().T.astype(float)
        interval_points(axes, predicted["held_out"], predicted, look, "predicted", ends)
    for step in steps:
        axes.axvline(step, color="#999999", lw=0.8, ls=":")
    axes.set_xscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{round(value, 2):,g}"))
    kept = ["variant", "documents", "synthetic", "bytes_per_document"]
    parts = [own[kept].assign(kind="measured")]
    for curve, kind in ((ended, "trend ends"), (goes_on, "trend goes on")):
        drawn = pd.DataFrame({"documents": n, "bytes_per_document": curve})
        parts.append(drawn.assign(variant=own["variant"].iloc[0], kind=kind))
    return pd.concat(parts, ignore_index=True)


def _curve(
    fit: "pd.Series[float]", documents: NDArray[np.float64], *, trend_ends: bool
) -> NDArray[np.float64]:
    """The fitted model at each number of documents; terms that it lacks are NaN in the table."""
    slope, intercept, step, trend = np.nan_to_num(
        fit[["slope", "intercept", "step", "trend"]].to_numpy(dtype=np.float64)
    )
    most = 0.0 if trend_ends else np.log2(fit["held_out"] / fit["smallest"])
    doublings = np.minimum(np.log2(documents / fit["held_out"]), most)
    curve: NDArray[np.float64] = (
        slope + intercept / documents + step * number_bytes(documents) + trend * doublings
    )
    return np.round(curve, 6)


def projections(folder: RunFolder) -> Drawn:
    """Gigabytes of the primaries for very large collections, beside what users report."""
    data, reported = folder.table("projections"), folder.table("reported")
    figure = Figure(figsize=(9, 5.8))
    axes = figure.subplots()
    colors: dict[Hashable, str] = {}
    labels: list[tuple[float, float, str, str]] = []
    for number, (name, own) in enumerate(data.groupby("variant", sort=False)):
        colors[name] = color = COLORS[number % len(COLORS)]
        sizes = own[["primary_bytes", "primary_low", "primary_high"]] / GB
        ends, look = ("primary_low", "primary_high"), {"fmt": "o-", "ms": 4, "color": color}
        interval_points(axes, own["documents"], sizes, look, "primary_bytes", ends)
        last = own.sort_values("documents").iloc[-1]
        gb = last["primary_bytes"] / GB
        labels.append((float(last["documents"]), gb, f"{name}, {rounded(gb, ',.0f')} GB", color))
    for row in reported.to_dict("records"):
        place, color = (row["documents"], row["reported_gb"]), colors[row["variant"]]
        axes.plot(*place, "*", ms=13, color=color, mec="k", zorder=4)
        axes.plot(row["documents"], row["projected_gb"], "o", ms=5, mfc="white", mec=color)
        said = f"{row['figure'].replace('_', ' ')}: {row['reported_gb']:,.4g} GB"
        labels.append((*place, said, "black"))
    axes.set_xscale("log")
    axes.set_yscale("log")
    plain_log(axes.yaxis)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda n, _: f"{rounded(n / 1e6, ',.0f')} M"))
    axes.margins(y=0.1)
    left = min(data["documents"].min(), reported["documents"].min())
    # Room for the names of the lines at their ends.
    axes.set_xlim(0.6 * left, 8 * data["documents"].max())
    axes.set_xlabel("images in the collection")
    sure = confidence(folder.config())
    axes.set_ylabel(f"GB of primary shards, without replicas, {sure} interval")
    marks = " Stars: reported by users; open: fitted" if len(reported) else ""
    axes.set_title(f"What would a large collection take?{marks}")
    xs, ys, texts, inks = zip(*labels, strict=True)
    label_points(axes, xs, ys, texts, inks)
    columns = ["variant", "documents", "primary_bytes", "primary_low", "primary_high"]
    return figure, data[columns]


def synthetic(folder: RunFolder) -> Drawn:
    """Statistics of the words of each position, synthetic over real."""
    data = folder.table("synthetic_positions").pivot_table(
        index="position", columns="origin", values=list(STATISTICS)
    )
    figure = Figure(figsize=(8.4, 8.0))
    panels = figure.subplots(2, 2).ravel()
    for axes, name in zip(panels, STATISTICS, strict=True):
        real, drawn = data[name]["real"], data[name]["synthetic"]
        ends = [min(real.min(), drawn.min()), max(real.max(), drawn.max())]
        axes.plot(ends, ends, color="#999999", lw=1)
        axes.plot(real, drawn, "o", ms=4, color=COLORS[0])
        axes.set_title(_NAMES[name])
        axes.set_xlabel("real documents")
        axes.set_ylabel("synthetic documents")
    flat = data.copy()
    flat.columns = pd.Index(["_".join(map(str, names)) for names in data.columns])
    return figure, flat.reset_index()


#: Every figure by its file name, with the text that stands for it where it is not seen.
FIGURES: dict[str, Drawing] = {
    "growth": (
        growth,
        "Bytes a document over the number of documents, measured, fitted and extrapolated, one "
        "panel a variant.",
    ),
    "projections": (
        projections,
        "Gigabytes for a hundred million to a billion images, by variant, beside sizes that users "
        "report.",
    ),
}

#: Drawn where synthetic documents were needed.
SYNTHETIC_FIGURES: dict[str, Drawing] = {
    "synthetic": (
        synthetic,
        "Scatter plots of word statistics of synthetic over real documents, a dot a position.",
    )
}


def scale_figures(folder: RunFolder) -> dict[str, Drawing]:
    """The figures of a run: those of synthetic documents where it has any."""
    synthetic = (folder.path / "synthetic_check.parquet").is_file()
    return FIGURES | (SYNTHETIC_FIGURES if synthetic else {})
