"""Pages of runs that are no experiment: verdict, figures, tables and where they come from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bench.report.drawing import Drawing
from bench.report.picture import pictures
from bench.report.rounding import rounded
from bench.report.template import render
from bench.runs.folder import RunFolder, write_bytes
from bench.signing.cautions import cautions


@dataclass(frozen=True)
class Listing:
    """A table of a page.

    Parameters
    ----------
    title : str
        Its heading.
    note : str
        What a reader must know to read it.
    table : DataFrame
        Its rows; column names are shown with spaces for underscores.
    """

    title: str
    note: str
    table: pd.DataFrame

    @property
    def rows(self) -> list[list[str]]:
        """The cells as text."""
        return [[_shown(value) for value in row] for row in self.table.itertuples(index=False)]

    @property
    def columns(self) -> list[str]:
        """The headings."""
        return [str(name).replace("_", " ") for name in self.table.columns]

    @property
    def numeric(self) -> list[bool]:
        """Which columns hold numbers."""
        kinds = self.table.dtypes
        return [bool(pd.api.types.is_numeric_dtype(kind)) for kind in kinds]


def _shown(value: Any) -> str:
    if isinstance(value, bool) or pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if pd.api.types.is_integer(value):
        return f"{value:,}"
    return _shown_number(float(value)) if pd.api.types.is_float(value) else str(value)


def _shown_number(value: float) -> str:
    if math.isnan(value):
        return "–"
    if abs(value) >= 1000:
        return rounded(value, ",.0f")
    if value and abs(value) < 0.001:
        return rounded(value, ".3g")
    return rounded(value).rstrip("0").rstrip(".")


def write_evidence(
    folder: RunFolder,
    manifest: Mapping[str, Any],
    sentences: Sequence[str],
    drawings: Mapping[str, Drawing],
    svgs: Mapping[str, bytes],
    listings: Sequence[Listing],
) -> None:
    """Write ``report.html``."""
    shown = pictures(folder, {name: alt for name, (_, alt) in drawings.items()}, svgs)
    page = render(
        "evidence.html.j2",
        live=any(picture.plot for picture in shown.values()),
        manifest=manifest,
        sentences=sentences,
        cautions=cautions(manifest["dataset"], searches="search" in manifest["config"]),
        pictures=list(shown.values()),
        listings=listings,
    )
    write_bytes(folder.path / "report.html", page.encode())
