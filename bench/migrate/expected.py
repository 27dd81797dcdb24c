"""What size and time of a migration to expect, from measured indices and the first batch."""

import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from bench.migrate.convert import convert
from bench.migrate.fields import kept_bytes
from bench.migrate.plan import MigrationPlan
from bench.report.rounding import sized
from bench.runs.folder import RunFolder
from imgsig.layouts import get_layout
from imgsig.layouts.vector import Vector

#: Tables of runs that have a row for each index they measured.
TABLES = ("variants", "indices")

#: Share of the measured number of documents below which bytes a document no longer hold: what a
#: shard takes once weighs too much. At a quarter of 20,000 they are 12 % off (reference-scale).
HOLDS_FROM = 0.25


@dataclass(frozen=True)
class Expected:
    """Estimates; none of them is measured on the new index."""

    bytes_per_document: float | None  # of a measured index of the same layout and words, if any
    measured_on: str  # which that is, and how it differs
    measured_documents: int  # it had, in one shard; 0: none was measured
    kept_bytes: float  # of the kept fields, a document, as JSON before compression; comes on top
    read_seconds: float  # to read and convert all documents, from the first batch


def expect(plan: MigrationPlan, *runs: Path, batch: int = 500) -> Expected:
    """Estimate size and time of a migration, by what these runs have measured."""
    reader, begun = plan.source.reader(), time.perf_counter()
    shards = sorted(plan.source.until.items(), key=lambda one: -one[1])
    every = (reader.pages(shard, -1, last, batch) for shard, last in shards)
    hits = next(chain.from_iterable(every), [])
    convert(plan, hits)
    seconds = (time.perf_counter() - begun) / max(1, len(hits)) * plan.source.documents
    kept = kept_bytes(plan.fields, [hit["_source"] for hit in plan.source.sample])
    measured = [one for run in runs for one in _indices(RunFolder(run))]
    names = " and ".join(run.name for run in runs)
    if not measured:
        return Expected(None, f"{names} has no measured layouts", 0, kept, seconds)
    return Expected(*nearest(plan, measured), kept, seconds)


@dataclass(frozen=True)
class Measured:
    """An index that was measured."""

    name: str
    run: str
    form: Mapping[str, Any]  # of the variant, canonical
    documents: int  # in one shard
    bytes_per_document: float

    def __str__(self) -> str:
        return f"{self.name} of {self.run} at {self.documents:,} documents in one shard"


def _indices(run: RunFolder) -> Iterator[Measured]:
    if not run.is_finished:
        return
    tables = [name for name in TABLES if (run.path / f"{name}.parquet").exists()]
    for row in (row for name in tables for row in run.table(name).to_dict("records")):
        named = str(row.get("variant", row.get("index")))
        form, documents = json.loads(row["config"]), int(row["documents"])
        yield Measured(named, run.path.name, form, documents, float(row["bytes_per_document"]))


def nearest(plan: MigrationPlan, measured: Sequence[Measured]) -> tuple[float | None, str, int]:
    """Bytes a document of the index that is most like the new one, which that is, its documents."""
    form = plan.variant.canonical()
    unused = () if plan.layout.matcher.takes_least else ("N", "k", "words")
    for differing in ((), ("codec",), ("layout", "codec")):
        for one in measured:
            ignored = (*unused, *differing)
            longer = _longer(one, plan) if "layout" in differing else 0.0
            if longer is None or _without(one.form, ignored) != _without(form, ignored):
                continue
            said = str(one)
            if one.form["codec"] != form["codec"]:
                said += f"; its codec is {one.form['codec']['id']}, not {form['codec']['id']}"
            if longer:
                said += f"; less the {longer:g} bytes by which its vectors are longer"
            return one.bytes_per_document - longer, said, one.documents
    return (
        None,
        f"layout {form['layout']} with N = {form['N']} and k = {form['k']} was not measured",
        0,
    )


def _without(form: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if name not in names}


def _longer(one: Measured, plan: MigrationPlan) -> float | None:
    """Bytes by which vectors of bits are longer, which are stored as they are; None of others."""
    old, new = get_layout(one.form["layout"]).matcher, plan.layout.matcher
    if not isinstance(old, Vector) or not isinstance(new, Vector):
        return None
    if new.element != "bit" or replace(old, levels=new.levels) != new:
        return None
    scheme = plan.variant.scheme
    return (old.largest_score(scheme) - new.largest_score(scheme)) / 8


def size_text(plan: MigrationPlan, expected: Expected) -> str:
    """What size to expect, or why none can be told."""
    if expected.bytes_per_document is None:
        return f"Expected size: unknown ({expected.measured_on})."
    measured = (
        f"Expected size: about {expected.bytes_per_document:,.0f} bytes a document once merged, "
        f"as measured on {expected.measured_on}"
    )
    per_shard = plan.source.documents // plan.shards
    if per_shard < HOLDS_FROM * expected.measured_documents:
        return (
            f"{measured}. The new index will have {per_shard:,} documents a shard, too few for "
            "that: what a shard takes however few they are makes it more a document."
        )
    total = sized(expected.bytes_per_document * plan.source.documents)
    return f"{measured}: {total} in all; kept fields come on top."
