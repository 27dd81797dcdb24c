"""Values of a table as colours, each written in its place."""

import pandas as pd
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from bench.report.drawing import ink_on
from bench.report.rounding import rounded


def heat_map(table: pd.DataFrame, title: str, decimals: str) -> Figure:
    """Values from 0 to 1, a row and a column as the table has them; what is missing stays white."""
    figure = Figure(figsize=(2.6 + 0.62 * table.shape[1], 1.7 + 0.36 * len(table)))
    axes = figure.subplots()
    image = axes.imshow(table.to_numpy(), cmap="cividis", vmin=0, vmax=1, aspect="auto")
    colors = image.get_cmap()
    axes.set_xticks(range(table.shape[1]), table.columns, rotation=40, ha="right", fontsize=9)
    axes.set_yticks(range(len(table)), list(table.index), fontsize=9)
    axes.grid(visible=False)
    for row, values in enumerate(table.to_numpy()):
        for column, value in enumerate(values):
            ink = ink_on(to_hex(colors(value)))
            axes.text(
                column,
                row,
                rounded(value, decimals),
                ha="center",
                va="center",
                fontsize=8,
                color=ink,
            )
    axes.set_title(title)
    return figure
