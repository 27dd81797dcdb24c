"""From a run's tables to what a person looks at: figures, page and terminal table."""

from collections.abc import Mapping
from typing import Any

from bench.report.figures import FIGURES
from bench.report.page import render_page
from bench.report.style import png_bytes, style, svg_bytes
from bench.report.summary import Row, summarize, verdict
from bench.report.terminal import print_summary
from bench.run_folder import RunFolder, write_bytes

__all__ = ["Row", "print_summary", "summarize", "verdict", "write_report"]


def write_report(folder: RunFolder, manifest: Mapping[str, Any]) -> tuple[list[Row], list[str]]:
    """Write ``report.html`` and the figures (PNG, SVG, and their data as CSV) of a run.

    Parameters
    ----------
    folder : RunFolder
        A run whose tables are written.
    manifest : mapping
        Its manifest.

    Returns
    -------
    rows : list of Row
        The summary.
    sentences : list of str
        The verdict.
    """
    rows = summarize(folder)
    sentences = verdict(rows, folder.table("comparisons"))
    svgs: dict[str, bytes] = {}
    for name, (draw, _) in FIGURES.items():
        with style():
            figure, data = draw(folder)
            svgs[name] = svg_bytes(figure)
            write_bytes(folder.path / "figures" / f"{name}.svg", svgs[name])
            write_bytes(folder.path / "figures" / f"{name}.png", png_bytes(figure))
        write_bytes(folder.path / "figures" / f"{name}.csv", data.to_csv(index=False).encode())
    page = render_page(folder, manifest, rows, sentences, svgs)
    write_bytes(folder.path / "report.html", page.encode())
    return rows, sentences
