"""Figures and pages of an experiment."""

from collections.abc import Mapping
from typing import Any

from bench.report import gallery_page, layout_page, score_or_distance
from bench.report.drawing import Drawing
from bench.report.figures import FIGURES
from bench.report.page import render_page
from bench.report.summary import summarize, verdict
from bench.runs.folder import RunFolder, write_bytes


def figures_of(folder: RunFolder) -> dict[str, Drawing]:
    """All figures of a run, those of its further pages first."""
    figures: dict[str, Drawing] = {}
    if (variant := score_or_distance.ranked_variant(folder)) is not None:
        figures |= score_or_distance.figures_of(variant)
    if layout_page.compares_layouts(folder):
        figures |= layout_page.figures_of(folder)
    return figures | FIGURES


def write_pages(folder: RunFolder, manifest: Mapping[str, Any], svgs: Mapping[str, bytes]) -> None:
    """Write the report, and the pages on ranking, layouts and examples that there are rows for."""
    rows = summarize(folder)
    sentences = verdict(rows, folder.table("comparisons"))
    links: dict[str, str] = {}
    if (variant := score_or_distance.ranked_variant(folder)) is not None:
        page = score_or_distance.render_ranking_page(folder, manifest, variant, svgs)
        links[_write_page(folder, score_or_distance.NAME, page)] = score_or_distance.TITLE
    if layout_page.compares_layouts(folder):
        page = layout_page.render_layout_page(folder, manifest, svgs)
        links[_write_page(folder, layout_page.NAME, page)] = layout_page.TITLE
    groups = gallery_page.gallery_groups(folder, manifest)
    if groups and gallery_page.has_photographs(folder):
        page = gallery_page.render_gallery_page(folder, manifest, groups)
        _write_page(folder, gallery_page.NAME, page)
    page = render_page(folder, manifest, rows, sentences, svgs, links, groups)
    _write_page(folder, "report", page)


def _write_page(folder: RunFolder, name: str, page: str) -> str:
    write_bytes(folder.path / f"{name}.html", page.encode())
    return f"{name}.html"
