"""From a run's tables to what a person looks at: figures, page and terminal table."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bench.report.figures import FIGURES, Drawn
from bench.report.page import render_page
from bench.report.score_or_distance import FIGURES as RANKING_FIGURES
from bench.report.score_or_distance import NAME as RANKING_PAGE
from bench.report.score_or_distance import ranked_variant, render_ranking_page
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
    svgs = {name: _write_figure(folder, name, partial(draw, folder)) for name, (draw, _) in
            FIGURES.items()}  # fmt: skip
    variant = ranked_variant(folder)
    links = {}
    if variant is not None:
        drawn = {
            name: _write_figure(folder, name, partial(draw, folder, variant))
            for name, (draw, _) in RANKING_FIGURES.items()
        }
        page = render_ranking_page(folder, manifest, variant, drawn)
        write_bytes(folder.path / f"{RANKING_PAGE}.html", page.encode())
        links[f"{RANKING_PAGE}.html"] = "Score or distance?"
    page = render_page(folder, manifest, rows, sentences, svgs, links)
    write_bytes(folder.path / "report.html", page.encode())
    return rows, sentences


def _write_figure(folder: RunFolder, name: str, draw: Callable[[], Drawn]) -> bytes:
    """Write a figure as PNG, SVG and the data it shows; return the SVG."""
    with style():
        figure, data = draw()
        svg = svg_bytes(figure)
        write_bytes(folder.path / "figures" / f"{name}.svg", svg)
        write_bytes(folder.path / "figures" / f"{name}.png", png_bytes(figure))
    write_bytes(folder.path / "figures" / f"{name}.csv", data.to_csv(index=False).encode())
    return svg
