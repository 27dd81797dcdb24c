"""What the harness held during a soak."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from bench.report.drawing import COLORS
from tests.soak.growth import WARM_UP, Growth

_PANELS = (
    ("own_bytes", "memory of its own (MB)", 1e6),
    ("handles", "open handles", 1.0),
    ("threads", "threads", 1.0),
    ("children", "child processes", 1.0),
)


def held_over_time(samples: pd.DataFrame, growth: tuple[Growth, ...]) -> Figure:
    """A panel a quantity: all samples faintly, those at rest with their slope."""
    by_name = {one.quantity: one for one in growth}
    figure = Figure(figsize=(10, 10))
    panels = figure.subplots(len(_PANELS), 1, sharex=True)
    minutes, rest = samples["seconds"] / 60, samples["at_rest"]
    length = samples["seconds"].max()
    for axes, (name, label, unit) in zip(panels, _PANELS, strict=True):
        own, values = by_name[name], samples[name] / unit
        axes.axvspan(0, WARM_UP * length / 60, color=COLORS[7], alpha=0.15, lw=0)
        axes.plot(minutes, values, color=COLORS[7], lw=0.7, label="all samples")
        axes.plot(minutes[rest], values[rest], "o", ms=3, color=COLORS[0], label="after a round")
        counted = rest & (samples["seconds"] >= WARM_UP * length)
        middle = float(np.median(samples["seconds"][counted]))
        ends = np.array([WARM_UP * length, length])
        line = (own.level + own.growth * (ends - middle) / length) / unit
        axes.plot(ends / 60, line, color=COLORS[1], lw=1.6, label="slope (Theil–Sen)")
        axes.set_ylabel(label)
        axes.set_ylim(bottom=0)
        axes.set_title(
            f"{label}: {own.growth / unit:+.2f} in this run, {own.low / unit:+.2f} to "
            f"{own.high / unit:+.2f}; allowed {own.allowed / unit:.2f}"
        )
    panels[-1].set_xlabel("minutes; grey: warm-up, not counted")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure
