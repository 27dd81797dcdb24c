"""Write figures and the data they show into a run's folder."""

from collections.abc import Callable, Mapping

import pandas as pd
from matplotlib.figure import Figure

from bench.report.style import png_bytes, style, svg_bytes
from bench.runs.folder import RunFolder, write_bytes

#: A figure and the data it shows.
Drawn = tuple[Figure, pd.DataFrame]
#: What draws a run's figure, and the text that stands for it where it is not seen.
Drawing = tuple[Callable[[RunFolder], Drawn], str]


def write_figures(folder: RunFolder, figures: Mapping[str, Drawing]) -> dict[str, bytes]:
    """Draw each figure and write it as PNG and SVG, and its data as CSV."""
    svgs: dict[str, bytes] = {}
    for name, (draw, _) in figures.items():
        with style():
            figure, data = draw(folder)
            svgs[name] = svg_bytes(figure)
            write_bytes(folder.path / "figures" / f"{name}.svg", svgs[name])
            write_bytes(folder.path / "figures" / f"{name}.png", png_bytes(figure))
        write_bytes(folder.path / "figures" / f"{name}.csv", data.to_csv(index=False).encode())
    return svgs
