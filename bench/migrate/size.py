"""What the new index is expected to take, from measured indices; and how long reading takes."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from bench.migrate.convert import convert
from bench.migrate.fields import kept_bytes
from bench.migrate.plan import Plan
from bench.migrate.scan import pages
from bench.runs.folder import RunFolder


@dataclass(frozen=True)
class Expected:
    """Estimates; nothing of it is measured on the new index.

    Parameters
    ----------
    bytes_per_document : float or None
        Of a measured index of the same layout and words; None where there is none.
    measured_on : str
        Which that is, and how it differs.
    kept_bytes : float
        Of the kept fields as JSON, bytes a document before compression; comes on top.
    read_seconds : float
        For reading and converting all documents, from the first batch. Writing comes on top.
    """

    bytes_per_document: float | None
    measured_on: str
    kept_bytes: float
    read_seconds: float


def expect(client: Elasticsearch, plan: Plan, results: Path, batch: int = 500) -> Expected:
    """Estimate size and time of a migration."""
    source, begun = plan.source, time.perf_counter()
    shards = sorted(source.until.items(), key=lambda one: -one[1])
    every = (
        pages(client, source.index, shard, -1, last, batch, source.prefixes, only=source.only)
        for shard, last in shards
    )
    hits = next(chain.from_iterable(every), [])
    convert(plan, hits)
    seconds = (time.perf_counter() - begun) / max(1, len(hits)) * plan.source.documents
    per_document, said = _measured(plan, results)
    kept = kept_bytes(plan.fields, [hit["_source"] for hit in plan.source.sample])
    return Expected(per_document, said, kept, seconds)


def _measured(plan: Plan, results: Path) -> tuple[float | None, str]:
    run = RunFolder(results)
    if not run.is_finished:
        return None, f"no measured layouts in {results.name}"
    table = run.table("variants")
    form = plan.variant.canonical()
    codec: Mapping[str, Any] = form["codec"]
    same = table[
        (table["layout"] == form["layout"]) & (table["N"] == form["N"]) & (table["k"] == form["k"])
    ]
    if same.empty or form.get("words"):
        return None, (
            f"no index of layout {form['layout']}, N = {form['N']} and k = {form['k']} was measured"
        )
    exact = same[
        (same["codec"] == codec["id"]) & (same["strip"].fillna("") == codec.get("strip", ""))
    ]
    row = (exact if len(exact) else same).iloc[0]
    said = f"{row['variant']} of {results.name}, {row['documents']:,} documents"
    if not len(exact):
        said += f"; its codec is {row['codec_label']}, not {codec['id']}"
    return float(row["bytes_per_document"]), said
