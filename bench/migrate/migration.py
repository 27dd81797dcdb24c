"""A migration from beginning to end: planned, performed, taken up again, verified."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from bench.index.storage import IndexSize, read_size
from bench.migrate.console_requests import changed
from bench.migrate.convert import convert, refused_in_sample
from bench.migrate.destination import (
    Pace,
    Progress,
    copy_pass,
    create,
    finish_loading,
    read_progress,
)
from bench.migrate.detect import detect
from bench.migrate.fields import choose_fields, kept_bytes
from bench.migrate.plan import Plan, choose_target
from bench.migrate.source import pages, read_source
from bench.migrate.verify import Verified, verify
from bench.runs.errors import ExperimentError
from bench.runs.folder import RunFolder


@dataclass(frozen=True)
class Wanted:
    """What a user asks for; what is left out is found out.

    Parameters
    ----------
    source : str
        Index to migrate from.
    to : str
        Layout, ``FILE.yaml:VARIANT``, or a variant as JSON.
    codec_to, strip, name : str, optional
        Codec, strip and name of the new index.
    codec : mapping, optional
        Codec of the source's signatures.
    N, k : int, optional
        Word count and length of the source.
    copy_words : bool
        Whether words are copied instead of computed.
    keep, drop, searchable : sequence of str
        Decisions about fields.
    shards, replicas : int, optional
        Of the new index; by default the source's.
    sample : int
        About how many documents to look at.
    prefixes : sequence of str
        Names that the source's fields stand below.
    """

    source: str
    to: str
    codec_to: str | None = None
    strip: str | None = None
    name: str | None = None
    codec: Mapping[str, Any] | None = None
    N: int | None = None
    k: int | None = None
    copy_words: bool = False
    keep: Sequence[str] = ()
    drop: Sequence[str] = ()
    searchable: Sequence[str] = ()
    shards: int | None = None
    replicas: int | None = None
    sample: int = 200
    prefixes: Sequence[str] = ()


def plan_migration(client: Elasticsearch, wanted: Wanted) -> Plan:
    """Look at the source and decide everything; nothing is written."""
    source = read_source(client, wanted.source, wanted.sample, wanted.prefixes)
    fields = choose_fields(source, wanted.keep, wanted.drop, wanted.searchable)
    detected = detect(
        source, codec=wanted.codec, N=wanted.N, k=wanted.k, copy_words=wanted.copy_words
    )
    copy_words = wanted.copy_words or detected.codec is None
    variant = choose_target(
        wanted.to,
        source.index,
        detected,
        codec=wanted.codec_to,
        strip=wanted.strip,
        name=wanted.name,
        copy_words=copy_words,
    )
    if variant.index_name in (source.index, *source.aliases):
        raise ExperimentError(
            f"the new index cannot be {variant.index_name!r}, which is the source; name another "
            "(--name)"
        )
    plan = Plan(
        source=source,
        detected=detected,
        variant=variant,
        fields=fields,
        copy_words=copy_words,
        shards=source.shards if wanted.shards is None else wanted.shards,
        replicas=source.replicas if wanted.replicas is None else wanted.replicas,
    )
    plan.mappings()  # names that clash are told before anything is written,
    read_progress(client, plan)  # and so is an index of that name that is another
    refused = refused_in_sample(plan)
    if len(refused) == len(source.sample):
        id_, reason = next(iter(refused.items()))
        raise ExperimentError(
            f"none of {len(refused)} sampled documents can be migrated so; the first is {id_!r}: "
            f"{reason}"
        )
    return plan


@dataclass(frozen=True)
class Outcome:
    """What a migration has come to.

    Parameters
    ----------
    verified : Verified
        Counts and comparisons.
    source, destination : IndexSize
        Sizes as they are now.
    refused : mapping of str to str
        Ids of documents that cannot be migrated, and why.
    aliases : mapping of str to str
        Aliases of the source that would show other documents of the new index, and how many.
    """

    verified: Verified
    source: IndexSize
    destination: IndexSize
    refused: Mapping[str, str]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "verified": self.verified.to_json(),
            "source": asdict(self.source),
            "destination": asdict(self.destination),
            "refused": dict(self.refused),
            "aliases_left": dict(self.aliases),
        }


def begin(client: Elasticsearch, plan: Plan) -> Progress:
    """Create the new index, or find how far this migration has come in it."""
    return read_progress(client, plan) or create(client, plan)


def perform(
    client: Elasticsearch,
    plan: Plan,
    progress: Progress,
    pace: Pace,
    *,
    skip_refused: bool = False,
    sample: int = 200,
    advance: Callable[[int], object] = lambda done: None,
    compared: Callable[[int], object] = lambda done: None,
) -> Outcome:
    """Copy what is not yet copied, and verify."""
    copy_pass(client, plan, progress, pace, skip_refused=skip_refused, advance=advance)
    finish_loading(client, plan)
    verified = verify(client, plan, progress, pace, sample, compared)
    return Outcome(
        verified=verified,
        source=read_size(client, plan.source.index),
        destination=read_size(client, plan.index),
        refused=dict(progress.refused),
        aliases=changed(client, plan, verified.refused),
    )


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
