"""Figures and pages of an experiment."""

from collections.abc import Mapping
from typing import Any

from bench.evaluate.measures import MEASURES
from bench.report import layout_page, ranking_figures, score_or_distance, storage_figures
from bench.report.drawing import Drawing
from bench.report.gallery import page as gallery_page
from bench.report.historical import PUBLISHED, SOURCE
from bench.report.page import page_figures, render
from bench.report.published import columns, paper_rows
from bench.report.rounding import confidence
from bench.report.summary import Row, summarize, verdict
from bench.runs.folder import RunFolder, write_bytes
from bench.signing.dataset import cautions

#: What the measures mean, for readers new to them.
GLOSSARY = {
    each.headline.removesuffix("@K"): each.for_readers for each in MEASURES if each.for_readers
}
#: Every figure of the report by file name, with its alternative text.
FIGURES: dict[str, Drawing] = {
    "bytes_per_document": (
        storage_figures.bytes_per_document,
        "Bar chart of disk bytes a document for each variant, split by words, signature, source "
        "and internal fields.",
    ),
    "precision_recall": (
        ranking_figures.precision_recall,
        "Precision–recall curves of ranking by score and by distance, one panel a variant.",
    ),
    "recall_by_transform": (
        ranking_figures.recall_by_transform,
        "Recall at one for each kind of edit, ranked by score and by distance, with intervals.",
    ),
}


def figures_of(folder: RunFolder) -> dict[str, Drawing]:
    """All figures of a run, those of its other pages first."""
    figures: dict[str, Drawing] = {}
    if (variant := score_or_distance.ranked_variant(folder)) is not None:
        figures |= score_or_distance.figures_of(variant)
    if layout_page.compares_layouts(folder):
        figures |= layout_page.figures_of(folder)
    return figures | FIGURES


def write_pages(folder: RunFolder, manifest: Mapping[str, Any], svgs: Mapping[str, bytes]) -> None:
    """Write the report, and the pages on ranking, layouts and examples for which there is data."""
    rows = summarize(folder)
    sure = confidence(manifest["config"]["evaluation"])
    sentences = verdict(rows, folder.table("comparisons"), confidence=sure)
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
    page = render_report(folder, manifest, rows, sentences, svgs, links, groups)
    _write_page(folder, "report", page)


def _write_page(folder: RunFolder, name: str, page: str) -> str:
    write_bytes(folder.path / f"{name}.html", page.encode())
    return f"{name}.html"


def render_report(
    folder: RunFolder,
    manifest: Mapping[str, Any],
    rows: list[Row],
    sentences: list[str],
    svgs: Mapping[str, bytes],
    links: Mapping[str, str],
    groups: list[dict[str, Any]] | None = None,
) -> str:
    """Render the report of a run."""
    measures = list(dict.fromkeys(measure for _, measure in rows[0].cells))
    return render(
        "report.html.j2",
        manifest=manifest,
        rows=rows,
        measures=measures,
        glossary=GLOSSARY,
        sentences=sentences,
        cautions=cautions(manifest["dataset"], searches="search" in manifest["config"]),
        pictures=page_figures(folder, FIGURES, svgs),
        links=links,
        gallery=groups,
        photographs=f"{gallery_page.NAME}.html",
        papers=(papers := paper_rows(folder, manifest)),
        paper_columns=columns(papers),
        score=gallery_page.score_of_examples(folder) if groups else None,
        published=PUBLISHED,
        published_source=SOURCE,
        states=folder.table("variants").to_dict("records"),
    )
