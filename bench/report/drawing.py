"""One look for every figure, in colours that colour-blind readers tell apart, and its files."""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from bench.runs.folder import RunFolder, write_bytes

#: A figure and the data it shows.
Drawn = tuple[Figure, pd.DataFrame]
#: What draws a run's figure, and its alternative text.
Drawing = tuple[Callable[[RunFolder], Drawn], str]
#: Width in dots at which a figure is read.
READ_WIDTH = 1000.0

#: Okabe and Ito's palette ("Color Universal Design", 2008), black left for text.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#999999")
#: Marks of lines, so that they are told apart in grey.
_MARKS = "osD^vPX*"
#: Each ranking's colour, the same in every figure.
RANKING_COLORS = {
    "score": COLORS[0],
    "distance": COLORS[1],
    "sign_distance": COLORS[2],
    "hybrid": COLORS[3],
}
#: Each ranking's line, so that they are told apart in grey.
RANKING_LINES: dict[str, Any] = {
    "score": (0, (4, 1.5)),
    "distance": "-",
    "sign_distance": (0, (1, 1)),
    "hybrid": (0, (6, 1.5, 1, 1.5)),
}
#: The rankings that a reader compares first.
MAIN_RANKINGS = ("score", "distance", "sign_distance")
#: What a ranking is called in prose and legends.
RANKING_LABELS = {
    "score": "score",
    "distance": "distance",
    "sign_distance": "distance by the words' signs",
    "score_then_distance": "score, then distance",
    "score_then_sign": "score, then signs",
    "hybrid": "distance in a band of scores",
}


@contextmanager
def style() -> Iterator[None]:
    """Draw with this project's settings, without a display: the same data give the same bytes."""
    settings: Any = {
        "figure.dpi": 100,
        "savefig.dpi": 160,
        "figure.constrained_layout.use": True,
        "font.size": 11,
        "axes.titlesize": 12,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#dddddd",
        "grid.linewidth": 0.6,
        "legend.frameon": False,
        "svg.hashsalt": "imgsig-bench",
    }
    with mpl.rc_context(settings):
        yield


def look_of(number: int) -> dict[str, Any]:
    """Colour and mark of the line or the points that are drawn as such a number, from 0 on."""
    return {"color": COLORS[number % len(COLORS)], "marker": _MARKS[number % len(_MARKS)]}


def svg_bytes(figure: Figure) -> bytes:
    """A figure as SVG, without a date."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def png_bytes(figure: Figure, dpi: float | None = None) -> bytes:
    """A figure as PNG, without the name of the program; `dpi` defaults to the style's."""
    buffer = io.BytesIO()
    metadata: Any = {"Software": None}
    figure.savefig(buffer, format="png", dpi=dpi or mpl.rcParams["savefig.dpi"], metadata=metadata)
    return buffer.getvalue()


def ink_on(color: str) -> str:
    """Black or white, whichever reads better on a colour (contrast as WCAG 2.2 defines it)."""
    channels = np.array(to_rgb(color))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ (0.2126, 0.7152, 0.0722))
    return "black" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "white"


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
