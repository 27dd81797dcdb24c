"""What an experiment that has ended tells of later ones."""

from collections.abc import Mapping
from typing import Any

from bench.disk.history import MeasuredSize, Past
from bench.runs.folder import RunFolder


def experiment_past(folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
    """Sizes of its indices, and the documents, queries or indices that each stage did."""
    dataset, variants = manifest["dataset"], folder.table("variants")
    documents, queries, indices = dataset["documents"], dataset["queries"], len(variants)
    cost = manifest["config"].get("cost") or {}
    resamples = manifest["config"]["evaluation"]["resamples"]
    units = {
        "evaluate": indices * queries * resamples,
        "cost": len(cost.get("variants", ())) or indices,
    }
    units |= {
        stage: documents if not stage.startswith("search") else queries
        for stage in manifest["seconds"]
        if stage.split(" ")[0] in ("index", "settle", "search")
    }
    sizes = {
        str(row["config"]): MeasuredSize(
            layout=str(row["layout"]),
            N=int(row["N"]),
            bytes_per_document=float(row["bytes_per_document"]),
            loaded=float(row["loaded_store_bytes"]) / float(row["store_bytes"]),
            documents=int(row["documents"]),
            run=folder.path.name,
        )
        for row in variants.to_dict("records")
    }
    return Past(sizes=sizes, units=units)
