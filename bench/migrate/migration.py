"""A migration from beginning to end: plan, estimate, perform or resume, verify."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any

from bench.engine.capabilities import Capabilities, ask_capabilities
from bench.engine.catalog import TITLES, find_distribution
from bench.engine.client import Client
from bench.index.needs import check_layouts
from bench.index.storage import IndexSize, read_size
from bench.migrate.console_requests import changed
from bench.migrate.convert import refused_in_sample
from bench.migrate.destination import (
    MARK,
    Pace,
    Progress,
    copy_pass,
    create,
    extend,
    finish_loading,
    read_progress,
)
from bench.migrate.detect import detect
from bench.migrate.dump import Dump
from bench.migrate.fields import choose_fields
from bench.migrate.mirror import mirror
from bench.migrate.plan import MigrationPlan, choose_target
from bench.migrate.source import read_source
from bench.migrate.verify import Verified, verify
from bench.runs.config_file import short_hash
from bench.runs.errors import ExperimentError
from imgsig.layouts import get_layout


@dataclass(frozen=True)
class Wanted:
    """What a user asks for; what is left out is detected."""

    source: str
    to: str  # layout, ``FILE.yaml:VARIANT``, or a variant as JSON
    codec_to: str | None = None  # of the new index, as are strip and name
    strip: str | None = None
    name: str | None = None
    codec: Mapping[str, Any] | None = None  # of the source, as are N and k
    N: int | None = None
    k: int | None = None
    copy_words: bool = False  # instead of computing them
    keep: Sequence[str] = ()
    drop: Sequence[str] = ()
    searchable: Sequence[str] = ()
    shards: int | None = None  # of the new index; by default as many as the source has
    replicas: int | None = None
    sample: int = 200  # documents to look at, about
    prefixes: Sequence[str] = ()
    pixels: str = "path"  # rule by which the source's signatures were taken


def plan_migration(
    client: Client,
    wanted: Wanted,
    target: Client | None = None,
    elsewhere: str = "",
    *,
    dump: Dump | None = None,
    engine: Mapping[str, Any] = MappingProxyType({"name": "elasticsearch"}),
) -> MigrationPlan:
    """Inspect the source and decide everything; nothing is written.

    The new index is on the source's cluster, or on that of `target`, which `elsewhere` names; its
    `engine` is known by name and version. A `dump` is a source of its own.
    """
    source = dump or read_source(client, wanted.source, wanted.sample, wanted.prefixes)
    fields = choose_fields(source, wanted.keep, wanted.drop, wanted.searchable)
    detected = detect(
        source, codec=wanted.codec, N=wanted.N, k=wanted.k, copy_words=wanted.copy_words
    )
    copy_words = wanted.copy_words or detected.codec is None
    variant = choose_target(
        wanted.to,
        source.name,
        detected,
        codec=wanted.codec_to,
        strip=wanted.strip,
        name=wanted.name,
        copy_words=copy_words,
    )
    if target is None and variant.index_name in (source.index, *source.aliases):
        raise ExperimentError(
            f"the new index cannot be named {variant.index_name!r}: that is the source. Choose "
            "another name (--name)"
        )
    plan = MigrationPlan(
        source=source,
        detected=detected,
        variant=variant,
        fields=fields,
        copy_words=copy_words and get_layout(variant.layout).matcher.counts_words,
        shards=source.shards if wanted.shards is None else wanted.shards,
        replicas=source.replicas if wanted.replicas is None else wanted.replicas,
        elsewhere=elsewhere,
        pixels=wanted.pixels,
        engine=engine,
    )
    # What no release of the engine can hold, names that clash and an index that is not ours are
    # reported before anything is written.
    _check_layout(plan, Capabilities.of(find_distribution(plan.engine["name"])))
    plan.mappings()
    for path, reason in plan.kept.lost.items():
        if path.partition(".")[0] in wanted.searchable:
            raise ExperimentError(f"--searchable: {path} cannot be searched as before: {reason}")
    if (progress := read_progress(target or client, plan)) is not None:
        plan = replace(plan, there=progress.properties, chosen=progress.columns)
    refused = refused_in_sample(plan)
    if len(refused) == len(source.sample):
        id_, reason = next(iter(refused.items()))
        raise ExperimentError(
            f"none of the {len(refused)} sampled documents can be migrated like this; the first is "
            f"{id_!r}: {reason}"
        )
    return plan


@dataclass(frozen=True)
class Migrated:
    """Result of a migration."""

    verified: Verified
    source: IndexSize | None  # the present sizes; None of a dump
    destination: IndexSize
    #: Ids of documents that cannot be migrated, and why.
    refused: Mapping[str, str]
    #: Aliases of the source that would show other documents in the new index, and how many.
    aliases: Mapping[str, str] = field(default_factory=dict)
    #: Sequence number up to which everything was copied, by shard of the source.
    done: Mapping[int, int] = field(default_factory=dict)
    deleted: int = 0  # documents of the new index that the source no longer had

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "verified": self.verified.to_json(),
            "source": asdict(self.source) if self.source else None,
            "destination": asdict(self.destination),
            "refused": dict(self.refused),
            "aliases_left": dict(self.aliases),
            "deleted": self.deleted,
        }


def begin(client: Client, plan: MigrationPlan) -> Progress:
    """Create the new index, or read how far this migration has come in it.

    From here on, a client is of the cluster that the new index is on.
    """
    progress = read_progress(client, plan)
    if progress is None:
        if needs := plan.layout.needs:
            probe = f"imgsig-bench-probe-{short_hash(plan.identity())}"
            mark = {MARK: {"probe": plan.index}}
            _check_layout(plan, ask_capabilities(client, probe, mark, needs))
        return create(client, plan)
    extend(client, plan, progress)
    return progress


def _check_layout(plan: MigrationPlan, told: Capabilities) -> None:
    """Refuse a layout that the engine cannot hold, by what is told of it."""
    check_layouts(
        [plan.variant.layout],
        told,
        f"{TITLES[plan.engine['name']]} {plan.engine.get('version') or ''}".strip(),
        f"the index {plan.index!r}",
        "Nothing was created. Choose another layout (--to)",
    )


def perform(
    client: Client,
    plan: MigrationPlan,
    progress: Progress,
    pace: Pace,
    *,
    skip_refused: bool = False,
    mirrored: bool = False,
    sample: int = 200,
    advance: Callable[[int], object] = lambda done: None,
    compared: Callable[[int], object] = lambda done: None,
) -> Migrated:
    """Copy what is not yet copied, and verify; `mirrored` as in `bench.migrate.mirror`."""
    copy_pass(client, plan, progress, pace, skip_refused=skip_refused, advance=advance)
    finish_loading(client, plan)
    deleted = 0
    if mirrored:
        deleted = mirror(client, plan, progress, pace)
        finish_loading(client, plan)
    verified = verify(client, plan, progress, pace, sample, compared)
    return Migrated(
        verified=verified,
        source=plan.source.size(),
        destination=read_size(client, plan.index),
        refused=dict(progress.refused),
        aliases=changed(client, plan, verified.refused),
        done=dict(progress.done),
        deleted=deleted,
    )
