"""The report page: one HTML file that needs no network."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bench.report import gallery_page
from bench.report.figures import FIGURES
from bench.report.historical import PUBLISHED, SOURCE
from bench.report.picture import pictures
from bench.report.summary import Row
from bench.report.template import render
from bench.runs.folder import RunFolder
from bench.signing.cautions import cautions

#: What the measures mean, for readers who have not met them.
GLOSSARY = {
    "uAP": "micro average precision: area under the precision–recall curve of all query–result "
    "pairs pooled, so a cutoff that fits one query must fit all",
    "R@P90": "the largest recall that any cutoff reaches with at least 90 % precision",
    "recall@1": "share of edited copies whose original is ranked first; among equal scores the "
    "expected value of a random order",
    "candidate_recall": "share of edited copies whose original is among the fetched hits at all: "
    "no ranking can do better",
    "held_out_recall@P90": "recall on one half of the scenes at the cutoff that gave 90 % "
    "precision on the other half; the interval is of that one cutoff, another half would have "
    "given another",
    "held_out_precision@P90": "precision there",
}


def render_page(
    folder: RunFolder,
    manifest: Mapping[str, Any],
    rows: list[Row],
    sentences: list[str],
    svgs: Mapping[str, bytes],
    links: Mapping[str, str],
    groups: list[dict[str, Any]] | None = None,
) -> str:
    """Render a run as a self-contained page."""
    shown = pictures(folder, {name: alt for name, (_, alt) in FIGURES.items()}, svgs)
    measures = list(dict.fromkeys(measure for _, measure in rows[0].cells))
    return render(
        "report.html.j2",
        live=any(picture.plot for picture in shown.values()),
        manifest=manifest,
        rows=rows,
        measures=measures,
        glossary=GLOSSARY,
        sentences=sentences,
        cautions=cautions(manifest["dataset"], searches="search" in manifest["config"]),
        pictures=list(shown.values()),
        links=links,
        gallery=groups,
        photographs=f"{gallery_page.NAME}.html",
        largest=gallery_page.largest_score(folder) if groups else 0,
        published=PUBLISHED,
        published_source=SOURCE,
        states=_states(folder.table("variants")),
    )


def _states(variants: pd.DataFrame) -> list[dict[str, Any]]:
    """How each index's size was reached, as plain values for the template."""
    columns = [
        "variant",
        "codec_label",
        "stored_json_bytes",
        "source_bytes",
        "signature_bytes",
        "bytes_per_document",
        "loaded_store_bytes",
        "store_bytes",
        "translog_bytes",
        "segments",
    ]
    return [
        {str(key): value for key, value in row.items()}
        for row in variants[columns].to_dict("records")
    ]
