"""Figures as a page shows them: a picture that always stands, and a plot to point at."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from PIL import Image

from bench.report.interactive import packed
from bench.report.interactive_figures import INTERACTIVE
from bench.report.template import data_address
from bench.runs.folder import RunFolder

#: Enough for areas, lines and their smooth edges.
_MOST_COLORS = 128


@dataclass(frozen=True)
class Picture:
    """A figure of a page.

    Parameters
    ----------
    name : str
        Its file name without ending.
    alt : str
        The text that stands for it where it is not seen.
    source : str
        A ``data:`` address.
    plot : dict or None
        The same for the browser, of `bench.report.interactive.packed`, where pointing at it tells
        more.
    """

    name: str
    alt: str
    source: str
    plot: dict[str, Any] | None = None


def pictures(
    folder: RunFolder, alts: Mapping[str, str], svgs: Mapping[str, bytes]
) -> dict[str, Picture]:
    """The figures of a run that were drawn, for its pages."""
    return {
        name: Picture(name, alt, _source(folder, name, svgs[name]), _plot(folder, name))
        for name, alt in alts.items()
        if name in svgs
    }


def _source(folder: RunFolder, name: str, svg: bytes) -> str:
    """The PNG that was written beside the figure, in few colours, or the SVG where that is smaller.

    A page is one file, so its size is that of all its figures.
    """
    path = folder.path / "figures" / f"{name}.png"
    if path.is_file():
        buffer = io.BytesIO()
        with Image.open(path) as image:
            few = image.convert("RGB").quantize(_MOST_COLORS, dither=Image.Dither.NONE)
            few.save(buffer, "PNG", optimize=True)
        if len(buffer.getvalue()) < len(svg):
            return data_address("image/png", buffer.getvalue())
    return data_address("image/svg+xml", svg)


def _plot(folder: RunFolder, name: str) -> dict[str, Any] | None:
    data = folder.path / "figures" / f"{name}.csv"
    if name not in INTERACTIVE or not data.is_file():
        return None
    return packed(INTERACTIVE[name](pd.read_csv(data)))
