"""Bytes against speed, both ways."""

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from bench.report.style import COLORS

#: Over the strip ``half`` a point has its codec's number; the other strips are plain.
MARKERS = {"none": "+", "border": "x"}
TICKS = (40, 60, 80, 100, 150, 200, 300, 500, 1000, 2000)


def draw(codecs: pd.DataFrame, limit: float) -> Figure:
    """Draw mean bytes against signatures a second, encoding above and decoding below.

    Parameters
    ----------
    codecs : DataFrame
        As `bench.codecs.speed.measure_codecs` gave it.
    limit : float
        Bytes under the strongest model.

    Returns
    -------
    Figure
    """
    figure = Figure(figsize=(12, 10))
    panels = figure.subplots(2, 1, sharex=True)
    named = codecs[codecs["strip"] == "half"].sort_values("bytes_whole").reset_index(drop=True)
    colors = {codec: COLORS[i % len(COLORS)] for i, codec in enumerate(dict.fromkeys(named["id"]))}
    for axes, what in zip(panels, ("encode", "decode"), strict=True):
        speed = f"{what}_per_s"
        for strip, marker in MARKERS.items():
            for row in codecs[codecs["strip"] == strip].itertuples():
                axes.plot(row.bytes_whole, getattr(row, speed), marker, color=colors[str(row.id)])
        for number, row in enumerate(named.itertuples(), start=1):
            place = row.bytes_whole, getattr(row, speed)
            axes.plot(*place, "o", color=colors[str(row.id)], markersize=12)
            axes.annotate(
                str(number),
                place,
                ha="center",
                va="center_baseline",
                fontsize=7,
                color=_ink(colors[str(row.id)]),
            )
        axes.axvline(limit, color="black", linestyle=":", linewidth=1)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.margins(y=0.1)
        axes.set_ylabel(f"{what}, signatures a second (one thread)")
    panels[1].set_xticks(TICKS, [f"{tick:,}" for tick in TICKS])
    panels[1].minorticks_off()
    panels[1].set_xlabel("mean bytes a signature, held-out whole photographs (dotted: the limit)")
    panels[0].set_title("Codecs: bytes against speed, batches of 10,000")
    _key(panels[0], named, colors)
    return figure


def _ink(color: str) -> str:
    """Black or white, whichever reads better on a colour."""
    return "white" if color in COLORS[:3] else "black"


def _key(axes: Any, named: pd.DataFrame, colors: dict[str, str]) -> None:
    """List the numbered codecs beside the panel."""
    handles = []
    for number, row in enumerate(named.itertuples(), start=1):
        label = f"{number}  {row.id}"
        label += " of packed" if row.form else ""
        label += f", {row.bytes_whole:.0f} B"
        label += "" if row.lossless else " (lossy)"
        handles += axes.plot([], [], "o", color=colors[str(row.id)], label=label)
    for strip, marker in MARKERS.items():
        handles += axes.plot([], [], marker, color="black", label=f"strip {strip}, same colours")
    axes.figure.legend(handles=handles, loc="outside right upper", title="over the strip half")
