"""A comparison as rows for JSON, as CSV, as tables and as a page that needs no network."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from bench.compare.indices import Compared
from bench.compare.mapping import mapping_differences
from bench.report.drawing import style, svg_bytes
from bench.report.page import data_address, render
from bench.report.storage_figures import stacked_bytes


def comparison_rows(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """One row an index, ready for JSON.

    ``smaller_by`` is the first index's bytes a document over the row's; ``field_bytes`` and
    ``ghost_bytes`` are None where unknown.
    """
    return [
        {
            "index": one.index,
            "documents": one.size.documents,
            "store_bytes": one.size.store_bytes,
            "bytes_per_document": one.bytes_per_document,
            "smaller_by": one.of_first(compared[0]),
            "segments": one.size.segments,
            "deleted": one.size.deleted,
            "shards": one.size.shards,
            "replicas": one.size.replicas,
            "translog_bytes": one.size.translog_bytes,
            "ghost_bytes": one.ghost_bytes,
            "field_bytes": one.fields,
            "warnings": list(one.warnings),
        }
        for one in compared
    ]


def comparison_csv(compared: Sequence[Compared]) -> str:
    """The same rows as CSV: warnings joined by semicolons, one column a family of fields."""
    table = pd.DataFrame(comparison_rows(compared)).drop(columns="field_bytes")
    table["warnings"] = table["warnings"].map("; ".join)
    families = family_table(compared)
    for (family, structure), sizes in zip(families.index, families.to_numpy(), strict=True):
        table[f"{family}:{structure}"] = sizes
    return table.to_csv(index=False, lineterminator="\n")


def field_table(compared: Sequence[Compared]) -> pd.DataFrame:
    """``index, field, structure, bytes_per_document``, largest first within an index."""
    rows = [
        (one.index, field, structure, size / one.size.documents)
        for one in compared
        if one.fields is not None and one.size.documents
        for field, sizes in one.fields.items()
        for structure, size in sizes.items()
    ]
    table = pd.DataFrame(rows, columns=["index", "field", "structure", "bytes_per_document"])
    order = {one.index: place for place, one in enumerate(compared)}
    table["place"] = table["index"].map(order)
    table = table.sort_values(
        ["place", "bytes_per_document", "field", "structure"], ascending=[True, False, True, True]
    )
    return table.drop(columns="place").reset_index(drop=True)


def family_table(compared: Sequence[Compared]) -> pd.DataFrame:
    """Bytes a document by ``field`` and ``structure``, largest first, one column an index.

    Fields that differ only in a number are joined. NaN where the bytes of an index are unknown, 0
    where it has no such field.
    """
    table = field_table(compared)
    family = table["field"].map(lambda name: re.sub(r"\d+", "*", name))
    members = table["field"].groupby(family).transform("nunique")
    table["field"] = family.where(members > 1, table["field"])
    sums = table.pivot_table(
        index=["field", "structure"], columns="index", values="bytes_per_document", aggfunc="sum"
    )
    sums = sums.fillna(0.0).reindex(columns=[one.index for one in compared])
    return sums.loc[sums.max(axis=1).sort_values(ascending=False, kind="stable").index]


def analysed_sizes(compared: Sequence[Compared]) -> "pd.Series[float]":
    """Bytes a document of the indices whose bytes by field are known."""
    sizes = {one.index: one.bytes_per_document for one in compared if one.fields}
    return pd.Series(sizes, dtype=float).dropna()


def comparison_page(compared: Sequence[Compared], measured_on: str) -> str:
    """The comparison as an HTML page."""
    fields = field_table(compared)
    figure = ""
    if not fields.empty:
        with style():
            bars = stacked_bytes(fields, analysed_sizes(compared), "primary store")[0]
            figure = data_address("image/svg+xml", svg_bytes(bars))
    return render(
        "compare.html.j2",
        rows=comparison_rows(compared),
        differences=mapping_differences([one.mappings for one in compared]),
        fields=fields.to_dict("records"),
        figure=figure,
        measured_on=measured_on,
        when=datetime.now(UTC).isoformat(sep=" ", timespec="minutes"),
    )
