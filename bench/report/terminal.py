"""The summary as a table on the terminal."""

from dataclasses import asdict
from typing import Any

import numpy as np
from rich.console import Console

from bench.report.rounding import rounded
from bench.report.summary import Row, joined
from imgsig.cli.table import WholeTable


def print_summary(rows: list[Row], sentences: list[str], console: Console) -> None:
    """Print the table and the verdict."""
    sizes = WholeTable(title="Storage: one merged segment, primaries", title_justify="left")
    sizes.add_column("index")
    sizes.add_column("signature stored as")
    for heading in ("documents", "MB", "B/doc", f"{rows[0].variant} is"):
        sizes.add_column(heading, justify="right")
    for row in rows:
        sizes.add_row(
            row.variant,
            row.codec,
            f"{row.documents:,}",
            rounded(row.store_bytes / 1e6, ",.1f"),
            rounded(row.bytes_per_document, ",.0f"),
            f"{rounded(row.ratio, '.2f')}×",
        )
    console.print(sizes)
    measures = [m for m in dict.fromkeys(m for _, m in rows[0].cells) if "held_out" not in m]
    quality = WholeTable(title="Ranking: by score, and by distance where there is one")
    quality.add_column("index")
    quality.add_column("ranked by")
    for measure in measures:
        quality.add_column(measure, justify="right")
    # Indices that differ in storage alone rank alike: one row for all of them.
    alike: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        for ranking in ("score", "distance"):
            values = [row.cells[ranking, measure].value for measure in measures]
            if not np.isnan(values).all():
                alike.setdefault((ranking, *map(_short, values)), []).append(row.variant)
    for shown, names in alike.items():
        quality.add_row(joined(names), *shown)
    console.print(quality)
    for sentence in sentences:
        console.print(f"• {sentence}", highlight=False)


def row_data(row: Row) -> dict[str, Any]:
    """The same row of the summary as plain values: measures by ranking, with their intervals.

    Returns
    -------
    dict
        JSON-ready, but for NaN where a value is not defined.
    """
    measures: dict[str, dict[str, Any]] = {}
    for (ranking, measure), cell in row.cells.items():
        measures.setdefault(ranking, {})[measure] = asdict(cell)
    return {
        "index": row.variant,
        "codec": row.codec,
        "documents": row.documents,
        "store_bytes": row.store_bytes,
        "bytes_per_document": row.bytes_per_document,
        "ratio": row.ratio,
        "measures": measures,
    }


def _short(value: float) -> str:
    return "–" if np.isnan(value) else rounded(value)
