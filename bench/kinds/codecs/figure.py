"""Bytes against speed, both ways, and against the least that a model of signatures allows."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.report.axes import label_points, plain_log
from bench.report.drawing import COLORS, Drawing, Drawn
from bench.report.rounding import rounded
from bench.runs.folder import RunFolder

#: Over the strip ``half`` codecs are named; the same over other strips is drawn faintly.
MARKERS = {"none": "+", "border": "x"}


def speed_intervals(samples: pd.DataFrame) -> pd.DataFrame:
    """Signatures a second of each codec: the median repeat, and between which 95 % of them lie.

    From the samples of `bench.kinds.codecs.speed.time_codec`; ``codec, what, speed, speed_low,
    speed_high``.
    """
    speeds = samples.assign(speed=samples["signatures"] / samples["seconds"])
    grouped = speeds.groupby(["codec", "what"], sort=False)["speed"]
    ends = {"speed": 0.5, "speed_low": 0.025, "speed_high": 0.975}
    return pd.DataFrame({name: grouped.quantile(q) for name, q in ends.items()}).reset_index()


def _of_run(folder: RunFolder) -> Drawn:
    return bytes_and_speed(*(folder.table(name) for name in ("codecs", "limit", "samples")))


def bytes_and_speed(codecs: pd.DataFrame, limit: pd.DataFrame, samples: pd.DataFrame) -> Drawn:
    """Mean bytes of each codec against signatures encoded and decoded a second, one thread."""
    sizes = codecs[["codec", "id", "strip", "form", "lossless", "bytes_whole", "low", "high"]]
    speeds = speed_intervals(samples[samples["what"].isin(["encode", "decode"])])
    data = sizes.merge(speeds, on="codec", validate="one_to_many")
    figure = Figure(figsize=(10, 11))
    panels = figure.subplots(2, 1, sharex=True)
    whole = limit[limit["pictures"] == "whole"]
    least = whole.sort_values("bytes").iloc[0]
    for axes, what in zip(panels, ("encode", "decode"), strict=True):
        own = data[data["what"] == what]
        axes.axvspan(least["low"], least["high"], color=COLORS[3], alpha=0.25, lw=0)
        axes.axvline(least["bytes"], color=COLORS[3], lw=1.4)
        for strip, marker in MARKERS.items():
            other = own[own["strip"] == strip]
            axes.plot(
                other["bytes_whole"], other["speed"], marker, color=COLORS[7], ms=6,
                label=f"the same codecs over the strip {strip}",
            )  # fmt: skip
        named = own[own["strip"] == "half"]
        _points(axes, named[named["lossless"]], COLORS[0], "lossless, strip half")
        _points(axes, named[~named["lossless"]], COLORS[1], "lossy, strip half")
        axes.set_xscale("log")
        axes.set_yscale("log")
        plain_log(axes.xaxis)
        axes.margins(x=0.08, y=0.12)
        axes.set_ylabel(f"signatures {what}d a second")
    panels[1].set_xlabel("mean bytes a signature, held-out whole photographs, 95 % interval")
    panels[0].set_title(
        f"Line and band: the limit, {rounded(least['bytes'], '.1f')} bytes ({least['model']}). "
        f"One thread, "
        "batches; bars: 95 % of the repeats"
    )
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    for axes, what in zip(panels, ("encode", "decode"), strict=True):
        named = data[(data["what"] == what) & (data["strip"] == "half")]
        labels = [
            f"{i} of {f}" if f else i for i, f in zip(named["id"], named["form"], strict=True)
        ]
        label_points(axes, named["bytes_whole"].to_list(), named["speed"].to_list(), labels)
    return figure, data


def _points(axes: Axes, own: pd.DataFrame, color: str, label: str) -> None:
    reach = [
        np.clip([own[value] - own[low], own[high] - own[value]], 0, None)
        for value, low, high in (
            ("bytes_whole", "low", "high"),
            ("speed", "speed_low", "speed_high"),
        )
    ]
    axes.errorbar(
        own["bytes_whole"], own["speed"], xerr=reach[0], yerr=reach[1],
        fmt="o" if color == COLORS[0] else "D", color=color, ms=6, lw=0.9, label=label,
    )  # fmt: skip


#: Every figure by its file name, with the text that stands for it where it is not seen.
FIGURES: dict[str, Drawing] = {
    "bytes_and_speed": (
        _of_run,
        "Bytes a signature of each codec against signatures encoded, and decoded, a second, with "
        "intervals, and the limit.",
    ),
}
