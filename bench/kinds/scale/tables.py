"""Tables of a scale run."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bench.index.storage import Storage
from bench.kinds.scale.config import REPORTED, Scale
from bench.kinds.scale.sizes import SizedIndex
from bench.kinds.synthetic.likeness import check_row
from bench.sizes.fit import SizeFit
from bench.sizes.projection import GB, project

REPORTED_COLUMNS = ["figure", "variant", "documents", "reported_gb", "reported_bytes_per_document"]
REPORTED_COLUMNS += ["projected_gb", "projected_low_gb", "projected_high_gb"]
REPORTED_COLUMNS += ["projected_bytes_per_document", "reported_over_projected"]


def sizes_table(jobs: Sequence[SizedIndex], real: int) -> pd.DataFrame:
    """One row an index: how many documents of which origin, and what they take.

    ``points_bytes_per_document`` is what the numeric index structures take, by the engine's
    estimate: the part in which document numbers take a byte more beyond 65,536 documents.
    """
    rows = []
    for job in jobs:
        storage = job.state.storage
        own = min(job.documents, real) if job.origin == "collection" else 0
        rows.append(
            {
                "variant": job.variant,
                "origin": job.origin,
                "documents": job.documents,
                "real": own,
                "synthetic": job.documents - own,
                "store_bytes": storage.size.store_bytes,
                "bytes_per_document": storage.size.bytes_per_document,
                "points_bytes_per_document": _points(storage) / job.documents,
                "loaded_store_bytes": storage.loaded.store_bytes,
                "segments": storage.size.segments,
                "lease_wait_seconds": (
                    np.nan if storage.lease_wait_seconds is None else storage.lease_wait_seconds
                ),
                "merge_seconds": storage.merge_seconds,
            }
        )
    return pd.DataFrame(rows)


def _points(storage: Storage) -> float:
    """Estimated bytes of numeric index structures; NaN where bytes by field are not told."""
    if storage.field_bytes is None:
        return np.nan
    return sum(sizes.get("points", 0) for sizes in storage.field_bytes.values())


def bytes_check(sizes: pd.DataFrame, tolerance: float) -> pd.DataFrame:
    """Compare indices of synthetic documents with those of as many real ones."""
    if sizes.empty:
        return sizes
    rows = []
    for row in sizes[sizes["origin"] == "synthetic"].itertuples():
        alike = (sizes["variant"] == row.variant) & (sizes["documents"] == row.documents)
        real = sizes.loc[alike & (sizes["origin"] == "collection"), "bytes_per_document"].iloc[0]
        name = f"bytes_per_document of {row.variant}, {row.documents:,} documents"
        rows.append(check_row(name, float(real), float(row.bytes_per_document), tolerance))  # type: ignore[arg-type]
    return pd.DataFrame(rows)


def projections_table(best: dict[str, SizeFit], scale: Scale) -> pd.DataFrame:
    """One row a variant and collection size, see `bench.sizes.projection.project`."""
    rows = [
        {"variant": name, "model": fit.model, **project(fit, documents, scale.projection.cluster)}
        for name, fit in best.items()
        for documents in scale.projection.documents
    ]
    table = pd.DataFrame(rows)
    first = table.groupby("documents", sort=False)["primary_bytes"].transform("first")
    return table.assign(ratio_to_first=first / table["primary_bytes"])


def reported_table(best: dict[str, SizeFit], scale: Scale) -> pd.DataFrame:
    """What users reported beside what is predicted for as many documents, without replicas.

    Nothing is known of their shards, deletions, document fields and versions of Elasticsearch, so
    a difference is no error of either.
    """
    rows = []
    for figure, name in scale.reported.items():
        size = REPORTED[figure]
        predicted = project(best[name], size.documents, scale.projection.cluster)
        reported = size.documents, size.store_bytes / GB, size.bytes_per_document
        projected = (predicted[f"primary_{end}"] / GB for end in ("bytes", "low", "high"))
        over = size.store_bytes / predicted["primary_bytes"]
        rows.append((figure, name, *reported, *projected, predicted["bytes_per_document"], over))
    return pd.DataFrame(rows, columns=REPORTED_COLUMNS)


def fields_table(jobs: Sequence[SizedIndex]) -> pd.DataFrame:
    """One row an index, field and Lucene structure: the engine's estimate of its bytes."""
    rows = [
        (job.variant, job.origin, job.documents, name, structure, size)
        for job in jobs
        for name, structures in sorted((job.state.storage.field_bytes or {}).items())
        for structure, size in sorted(structures.items())
    ]
    columns = ["variant", "origin", "documents", "field", "structure", "bytes"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"bytes": np.int64, "documents": np.int64})
