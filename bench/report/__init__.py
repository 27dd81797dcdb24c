"""From a run's tables to what a person looks at: figures, pages and terminal tables."""

from collections.abc import Mapping
from typing import Any

from bench.report import gallery_page, layout_page, score_or_distance
from bench.report.drawing import write_figures
from bench.report.figures import FIGURES
from bench.report.page import render_page
from bench.report.summary import Row, summarize, verdict
from bench.report.terminal import print_summary
from bench.runs.folder import RunFolder, write_bytes

__all__ = ["Row", "print_summary", "summarize", "verdict", "write_report"]


def write_report(folder: RunFolder, manifest: Mapping[str, Any]) -> tuple[list[Row], list[str]]:
    """Write the pages (HTML) and the figures (PNG, SVG, and their data as CSV) of an experiment.

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
    links: dict[str, str] = {}

    variant = score_or_distance.ranked_variant(folder)
    if variant is not None:
        svgs = write_figures(folder, score_or_distance.figures_of(variant))
        page = score_or_distance.render_ranking_page(folder, manifest, variant, svgs)
        links[_write_page(folder, score_or_distance.NAME, page)] = score_or_distance.TITLE
    if layout_page.compares_layouts(folder):
        svgs = write_figures(folder, layout_page.figures_of(folder))
        page = layout_page.render_layout_page(folder, manifest, svgs)
        links[_write_page(folder, layout_page.NAME, page)] = layout_page.TITLE

    groups = gallery_page.gallery_groups(folder, manifest)
    if groups and gallery_page.has_photographs(folder):
        page = gallery_page.render_gallery_page(folder, manifest, groups)
        _write_page(folder, gallery_page.NAME, page)
    svgs = write_figures(folder, FIGURES)
    page = render_page(folder, manifest, rows, sentences, svgs, links, groups)
    _write_page(folder, "report", page)
    return rows, sentences


def _write_page(folder: RunFolder, name: str, page: str) -> str:
    write_bytes(folder.path / f"{name}.html", page.encode())
    return f"{name}.html"
