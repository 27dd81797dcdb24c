"""A comparison as rows, for JSON, CSV and tables."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from bench.compare.indices import Compared


def comparison_rows(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """One row an index, as plain JSON-ready values.

    Parameters
    ----------
    compared : sequence of Compared
        The first is what the others are compared with.

    Returns
    -------
    list of dict
        ``smaller_by`` is the first index's bytes a document over the row's.
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
            "warnings": list(one.warnings),
        }
        for one in compared
    ]


def comparison_csv(compared: Sequence[Compared]) -> str:
    """The same as CSV; warnings are joined by semicolons."""
    table = pd.DataFrame(comparison_rows(compared))
    table["warnings"] = table["warnings"].map("; ".join)
    return table.to_csv(index=False, lineterminator="\n")


def field_table(compared: Sequence[Compared]) -> pd.DataFrame:
    """Bytes a document by field and structure.

    Parameters
    ----------
    compared : sequence of Compared
        Analysed ones; others have no rows.

    Returns
    -------
    DataFrame
        ``index, field, structure, bytes_per_document``, largest first within an index.
    """
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
