"""One look for every figure: colours that colour-blind readers tell apart, units on every axis."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

#: Okabe and Ito's palette ("Color Universal Design", 2008), black left for text.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#999999")
#: A ranking has the same colour in every figure.
RANKING_COLORS = {
    "score": COLORS[0],
    "distance": COLORS[1],
    "sign_distance": COLORS[2],
    "hybrid": COLORS[3],
}
#: Rankings that a reader compares first.
MAIN_RANKINGS = ("score", "distance", "sign_distance")
#: How a ranking is called where a reader meets it.
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
    """Draw with this project's settings, without a display, and the same bytes every time."""
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


def svg_bytes(figure: Figure) -> bytes:
    """A figure as SVG, without a date: the same data give the same bytes."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def png_bytes(figure: Figure) -> bytes:
    """A figure as PNG."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
