"""What a sweep that has ended tells of later ones."""

from collections.abc import Mapping
from typing import Any

from bench.disk.history import Past
from bench.runs.folder import RunFolder


def sweep_past(folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
    """Sizes of words alone, measured or predicted; and what each stage did."""
    dataset, live = manifest["dataset"], len(folder.table("confirmed"))
    documents, queries = dataset["documents"], dataset["queries"]
    words = {
        (str(row["variant"]), str(row["layout"])): float(row["bytes_per_document"])
        for row in folder.table("sizes").to_dict("records")
    }
    units = {
        "simulate": manifest["schemes"] * documents * queries,
        "words": documents,
        "index": live * documents,
        "settle": live * documents,
        "confirm": live * queries,
    }
    return Past(words=words, units=units)
