"""The page "Where do the bytes go?": what each layout takes, finds and costs."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from bench.cost.searching import at_base
from bench.evaluate.measures import LAYOUT_TABLE, headlines
from bench.report import storage_figures
from bench.report.axes import where
from bench.report.drawing import Drawing
from bench.report.page import page_figures, render
from bench.report.rounding import between, confidence, rounded
from bench.report.summary import metric
from bench.runs.folder import RunFolder, read_json
from bench.search.verification import HIT, hits_digest
from imgsig.codecs import get_codec
from imgsig.layouts import LAYOUTS

#: File name of the page, without ending.
NAME = "where-do-the-bytes-go"
TITLE = "Where do the bytes go?"

_COST_TABLES = ("search_cost", "index_cost")


def compares_layouts(folder: RunFolder) -> bool:
    """Whether a run has more than one layout."""
    return len(set(folder.table("variants")["layout"])) > 1


def figures_of(folder: RunFolder) -> dict[str, Drawing]:
    """Figures of the page, as many as the run has tables for."""
    figures: dict[str, Drawing] = {
        "bytes_by_layout": (
            storage_figures.bytes_by_layout,
            "Stacked bars of bytes a document of every index, largest first, by what they are "
            "spent on.",
        ),
    }
    rows = layout_rows(folder)
    if rows["ghost"].notna().any():
        figures["ghost"] = (
            storage_figures.ghost,
            "Bars of the store right after loading and when settled, with the copies kept for "
            "recovery.",
        )
    if rows["search_p50"].notna().any():
        figures["bytes_and_time"] = (
            partial(storage_figures.bytes_and_time, rows=rows),
            "Speed of a search against the first index, over bytes a document, for every index.",
        )
    return figures


def layout_rows(folder: RunFolder) -> pd.DataFrame:
    """One row an index, most bytes saved first.

    ``saved`` are bytes a document fewer than the first index, ``ghost`` those that loading leaves
    for a while. ``same_hits``: all hits and scores are those of the first index. NaN unless
    measured are ``search_p50`` (milliseconds), ``search_ratio`` and ``bulk_ratio`` (how many times
    as fast as the first that is timed) with interval ends ``_low`` and ``_high``.
    """
    variants, metrics = folder.table("variants"), folder.table("metrics")
    rows = variants[
        ["variant", "layout", "codec_label", "bytes_per_document", "exact", "engine_recall"]
    ].copy()
    rows["summary"] = [LAYOUTS[layout].summary for layout in rows["layout"]]
    rows["saved"] = rows["bytes_per_document"].iloc[0] - rows["bytes_per_document"]
    rows["ghost"] = variants["ghost_bytes"] / variants["documents"]
    rows["same_hits"] = _same_hits(folder)
    for measure in headlines(LAYOUT_TABLE):
        rows[measure] = [metric(metrics, v, "score", measure).value for v in rows["variant"]]
    rows = _with_costs(folder, rows)
    return rows.sort_values("saved", ascending=False, kind="stable", ignore_index=True)


def _same_hits(folder: RunFolder) -> list[bool]:
    """Whether hits and scores are the first index's, whatever signatures are stored."""
    variants, candidates = folder.table("variants"), folder.table("candidates")
    found = {name: hits_digest(own, HIT) for name, own in candidates.groupby("variant", sort=False)}
    first = found[variants["ranks_as"].iloc[0]]
    return [found[name] == first for name in variants["ranks_as"]]


def _with_costs(folder: RunFolder, rows: pd.DataFrame) -> pd.DataFrame:
    columns = ("search_p50", *_ends("search_ratio"), *_ends("bulk_ratio"))
    if not all((folder.path / f"{name}.parquet").is_file() for name in _COST_TABLES):
        return rows.assign(**dict.fromkeys(columns, np.nan))
    search, bulk = (folder.table(name).copy() for name in _COST_TABLES)
    search = at_base(where(search, clock="latency")).set_index("variant")
    bulk = bulk.set_index("variant")
    rows["search_p50"] = rows["variant"].map(search["p50"])
    # Tables have each time over the first's; "times as fast" is the inverse.
    for name, column in zip(_ends("search_ratio"), ("ratio_to_first", "high", "low"), strict=True):
        rows[name] = rows["variant"].map(1 / search[column])
    for name, column in zip(_ends("bulk_ratio"), ("ratio_to_first", "low", "high"), strict=True):
        rows[name] = rows["variant"].map(bulk[column])
    return rows


def _ends(name: str) -> tuple[str, str, str]:
    return name, f"{name}_low", f"{name}_high"


def layout_verdict(
    rows: pd.DataFrame, beside: str | None = None, *, sure: str = "95 %"
) -> list[str]:
    """What to change, in sentences.

    Times are ratios to the index `beside`, which is the first unless it is named; `sure` is the
    confidence of their intervals, see `bench.report.rounding.confidence`.

    Returns
    -------
    list of str
        The smallest index that keeps the signatures of the first and returns the same hits, if it
        is not the first itself; its speed where measured; and what leaving out the signature takes.
    """
    first = rows[rows["saved"] == 0].iloc[0]
    same = rows[rows["same_hits"]]
    smaller = same[(same["saved"] > 0) & same["codec_label"].map(_is_lossless)]
    sentences = []
    if len(smaller) and _is_lossless(first["codec_label"]):
        sentences = _smaller(smaller, first, beside or str(first["variant"]), sure)
    without = same[same["codec_label"] == "not stored"]
    if len(without):
        bare = without.iloc[0]
        sentences.append(
            f"Without the signature {bare['variant']} takes "
            f"{rounded(bare['bytes_per_document'], ',.0f')}."
        )
    return sentences


def _is_lossless(label: str) -> bool:
    """Whether an index with a codec of such a label gives back the signatures that were signed."""
    codec = label.partition(",")[0]
    return codec != "not stored" and get_codec({"id": codec}).lossless


def _smaller(rows: pd.DataFrame, first: "pd.Series[Any]", beside: str, sure: str) -> list[str]:
    """What the smallest of rows takes, and how fast the smallest that is timed is."""
    best = rows.iloc[0]
    times = first["bytes_per_document"] / best["bytes_per_document"]
    sentences = [
        f"{best['variant']} ({best['summary']}; signature as {best['codec_label']}) takes "
        f"{rounded(best['bytes_per_document'], ',.0f')} bytes a document, {first['variant']} "
        f"{rounded(first['bytes_per_document'], ',.0f')}: {rounded(times, '.1f')} times as much "
        "for the same hits, the same scores and the same signatures."
    ]
    timed = rows[rows["search_ratio"].notna() & (rows["variant"] != beside)]
    if len(timed):
        fast = timed.iloc[0]
        what = "It" if fast["variant"] == best["variant"] else f"{fast['variant']}, "
        if fast["variant"] != best["variant"]:
            what += f"with {rounded(fast['bytes_per_document'], ',.0f')},"
        than = "" if beside == first["variant"] else f" as {beside}"
        sentences.append(
            f"{what} is searched {rounded(fast['search_ratio'], '.1f')} times as fast{than} "
            f"({sure} interval "
            f"{between(fast['search_ratio_low'], fast['search_ratio_high'], '.1f')}) and "
            f"loaded {rounded(fast['bulk_ratio'], '.1f')} times as fast "
            f"({between(fast['bulk_ratio_low'], fast['bulk_ratio_high'], '.1f')})."
        )
    return sentences


def render_layout_page(
    folder: RunFolder, manifest: Mapping[str, Any], svgs: Mapping[str, bytes]
) -> str:
    """Render the page."""
    rows = layout_rows(folder)
    timed = bool(rows["search_ratio"].notna().any())
    sure = confidence(folder.config()["cost"]) if timed else ""
    first = manifest["config"]["variants"][0]["index"]
    beside = storage_figures.first_timed(folder) if timed else first
    mappings = {}
    for variant in rows["variant"]:
        index = read_json(folder.path / "indices" / f"{variant}.json")
        mapping = {key: value for key, value in index["mappings"].items() if key != "_meta"}
        mappings[variant] = _shortened(mapping)
    return render(
        f"{NAME}.html.j2",
        manifest=manifest,
        title=TITLE,
        sentences=layout_verdict(rows, beside, sure=sure),
        first=first,
        beside=beside,
        same=rows[rows["same_hits"]].to_dict("records"),
        others=rows[~rows["same_hits"]].to_dict("records"),
        timed=timed,
        mappings=mappings,
        pictures=page_figures(folder, figures_of(folder), svgs),
    )


def _shortened(mapping: dict[str, Any]) -> dict[str, Any]:
    """A mapping to paste, with the first of many numbered fields for all of them."""
    fields = mapping.get("properties", {})
    numbered = [name for name in fields if name.rstrip("0123456789") != name]
    if len(numbered) < 10:
        return mapping
    stem = numbered[0].rstrip("0123456789")
    kept = {name: rule for name, rule in fields.items() if name not in numbered}
    kept[f"{stem}0"] = fields[f"{stem}0"]
    kept[f"{stem}… (the same up to {stem}{len(numbered) - 1})"] = {}
    return {**mapping, "properties": kept}
