"""The summary as a table on the terminal."""

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.report.summary import Row, joined


def print_summary(rows: list[Row], sentences: list[str], console: Console) -> None:
    """Print the table and the verdict.

    Parameters
    ----------
    rows : list of Row
        Of `bench.report.summary.summarize`.
    sentences : list of str
        Of `bench.report.summary.verdict`.
    console : Console
        Where to.
    """
    sizes = Table(title="Storage: one merged segment, primaries", title_justify="left")
    sizes.add_column("index")
    sizes.add_column("signature stored as")
    for heading in ("documents", "MB", "B/doc", f"{rows[0].variant} is"):
        sizes.add_column(heading, justify="right")
    for row in rows:
        sizes.add_row(
            row.variant,
            row.codec,
            f"{row.documents:,}",
            f"{row.store_bytes / 1e6:,.1f}",
            f"{row.bytes_per_document:,.0f}",
            f"{row.ratio:.2f}×",
        )
    console.print(sizes)
    measures = [m for m in dict.fromkeys(m for _, m in rows[0].cells) if "held_out" not in m]
    quality = Table(title="Ranking: by score, and by distance where there is one")
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


def _short(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.3f}"
