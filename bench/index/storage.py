"""Disk size of an index, in a state that is the same every time it is measured.

Wherever ``_source`` is not whole, the engine keeps a full copy of each document in a
``_recovery_source`` field until the shard's retention leases have passed it *and* its segment is
merged again; deleted documents stay as long. (Newer versions make the copy of a synthetic one anew
instead, and leave vectors out.) A store size read earlier is that of a moment. So:
flush, wait until every lease has passed the last operation, merge to one segment, flush, and read
until two reads agree. Leases are renewed by a background task every 30 seconds.

https://www.elastic.co/docs/reference/elasticsearch/index-settings/history-retention
https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-stats
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from elasticsearch import NotFoundError

from bench.engine.capabilities import disk_usage, leased_copies
from bench.engine.client import Client, flush, refresh, retried, shards_of, whole
from bench.engine.errors import notice
from bench.index.checkpoints import commit_on_every_copy
from bench.index.moves import in_place, no_copy
from bench.runs.errors import IndexStateError, MeasurementError, WrongIndexError

#: Seconds between two reads of the statistics.
POLL = 1.0
#: Seconds until waiting for a lease is given up.
LEASE_TIMEOUT = 180.0
#: Seconds that merging an index may take, and reading it whole.
MERGE_TIMEOUT, READ_TIMEOUT = 3600.0, 600.0
#: Field in which an engine keeps full copies of documents until no lease needs them any more.
GHOST = "_recovery_source"
#: Bytes by field and Lucene structure; None where the engine does not tell them.
FieldBytes = dict[str, dict[str, int]] | None
#: Parts of an alias without which it would show another choice of documents.
_RESTRICTING = ("filter", "search_routing")
#: All documents.
EVERYTHING: Mapping[str, Any] = {}


def restriction(alias: Mapping[str, Any]) -> dict[str, Any]:
    """Which documents of an index an alias shows: all, or what its filter and routing leave.

    https://www.elastic.co/docs/manage-data/data-store/aliases

    >>> restriction({"filter": {"term": {"shop": 7}}, "is_write_index": True})
    {'filter': {'term': {'shop': 7}}}
    """
    return {part: alias[part] for part in _RESTRICTING if part in alias}


def through(only: Mapping[str, Any], query: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Arguments of a search or a count that sees what an alias shows.

    >>> through({"filter": {"term": {"shop": 7}}, "search_routing": "a"})
    {'query': {'bool': {'filter': [{'term': {'shop': 7}}]}}, 'routing': 'a'}
    >>> through(EVERYTHING)
    {}
    """
    filters = [part for part in (query, only.get("filter")) if part is not None]
    routing = {"routing": only["search_routing"]} if "search_routing" in only else {}
    return ({"query": {"bool": {"filter": filters}}} if filters else {}) | routing


@dataclass(frozen=True)
class IndexSize:
    """Size and state of an index's primary shards, of which there are `replicas` more copies each.

    `documents` are those that a search sees; `deleted` counts Lucene's, and nested objects are
    such too. The store is all files of the shards except the transaction log.
    """

    documents: int
    deleted: int
    segments: int
    shards: int
    replicas: int
    store_bytes: int
    translog_bytes: int

    @property
    def bytes_per_document(self) -> float:
        """Store size over live documents."""
        return self.store_bytes / self.documents


def count_documents(client: Client, index: str, only: Mapping[str, Any] = EVERYTHING) -> int:
    """Number of documents that a search sees; ``_stats`` counts each nested object as one more."""
    answer = retried(lambda: client.count(index=index, **through(only)))
    return int(whole(answer, f"a count of {index!r}")["count"])


def read_size(client: Client, index: str) -> IndexSize:
    """Read an index's size as it is now; changes nothing."""
    try:
        settings = client.indices.get_settings(index=index)[index]["settings"]["index"]
        stats = client.indices.stats(
            index=index, metric=["docs", "store", "segments", "translog"], level="shards"
        )
    except (NotFoundError, KeyError) as error:
        raise no_such_index(client, index) from error
    whole(stats, f"a reading of the size of {index!r}")
    shards = int(settings["number_of_shards"])
    copies = shards_of(stats, index)
    present = sum(any(c["routing"]["primary"] for c in shard) for shard in copies.values())
    if present != shards:
        raise IndexStateError(
            f"index {index!r} is red: {present} of {shards} primary shards are available; GET "
            "_cluster/allocation/explain gives the reason"
        )
    primaries = stats["indices"][index]["primaries"]
    return IndexSize(
        documents=count_documents(client, index),
        deleted=primaries["docs"]["deleted"],
        segments=primaries["segments"]["count"],
        shards=shards,
        replicas=int(settings["number_of_replicas"]),
        store_bytes=primaries["store"]["size_in_bytes"],
        translog_bytes=primaries["translog"]["size_in_bytes"],
    )


def no_such_index(client: Client, name: str) -> IndexStateError:
    """The error that there is no such index, with those there are."""
    there = (
        ", ".join(sorted(client.indices.get_alias(index="*", expand_wildcards="open"))) or "none"
    )
    return IndexStateError(f"there is no index {name!r}; there are: {there}")


@dataclass(frozen=True)
class Loaded:
    """An index as it is right after loading, copies of documents for recovery included."""

    size: IndexSize
    field_bytes: FieldBytes

    def to_json(self) -> dict[str, Any]:
        """As nested plain values, which `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, form: dict[str, Any]) -> "Loaded":
        """Read what `to_json` gave."""
        return cls(IndexSize(**form["size"]), form["field_bytes"])


def read_loaded(client: Client, index: str) -> Loaded:
    """Write what is in memory to disk and read the size of an index."""

    def read() -> Loaded:
        flush(client, index)
        return Loaded(read_size(client, index), field_bytes(client, index))

    return in_place(client, index, read)


@dataclass(frozen=True)
class Storage:
    """A settled index, what it was right after loading, and how long settling took.

    Bytes of fields are by field and Lucene structure, see `field_bytes`. What an engine does not
    tell is None: never 0, which is a measurement.
    """

    size: IndexSize
    loaded: IndexSize
    lease_wait_seconds: float | None
    merge_seconds: float
    field_bytes: FieldBytes
    loaded_field_bytes: FieldBytes
    mappings: dict[str, Any]
    settings: dict[str, Any]

    @property
    def ghost_bytes(self) -> int | None:
        """Copies of documents kept for recovery right after loading, gone when settled."""
        return ghost_of(self.loaded_field_bytes)

    def to_json(self) -> dict[str, Any]:
        """As nested plain values, which `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, form: dict[str, Any]) -> "Storage":
        """Read what `to_json` gave."""
        sizes = {key: IndexSize(**form[key]) for key in ("size", "loaded")}
        return cls(**{**form, **sizes})


def ghost_of(fields: Mapping[str, Mapping[str, int]] | None) -> int | None:
    """Bytes of copies kept for recovery, of bytes by field; None where those are not told."""
    return None if fields is None else sum(fields.get(GHOST, {}).values())


def settle_and_measure(
    client: Client, index: str, documents: int, loaded: Loaded | None = None
) -> Storage:
    """Bring an index into its final state and measure it, while none of its shards moves.

    Where it is not told what the index was right after `loaded`, that is what it is now, which is
    less if it has been merged since.
    """
    was = read_loaded(client, index) if loaded is None else loaded
    return in_place(client, index, lambda: _settle(client, index, documents, was))


def _settle(client: Client, index: str, documents: int, loaded: Loaded) -> Storage:
    waited = wait_for_leases(client, index)
    if waited is None:
        notice(
            f"This engine does not tell retention leases: {index} may hold copies of documents "
            "that a later merge drops."
        )
    if loaded.size.replicas:
        commit_on_every_copy(client, index)
    begun = time.monotonic()
    merging = client.options(request_timeout=MERGE_TIMEOUT)
    merged = merging.indices.forcemerge(index=index, max_num_segments=1)
    whole(merged, f"a merge of {index!r}")
    flush(client, index)
    refresh(client, index)  # OpenSearch keeps, and counts, merged segments until the next one
    size = _steady_size(client, index)
    merge_seconds = time.monotonic() - begun
    if (size.documents, size.deleted, size.segments) != (documents, 0, size.shards):
        raise WrongIndexError(
            f"index {index!r} did not settle: {size.documents} documents of {documents}, "
            f"{size.deleted} deleted, {size.segments} segments in {size.shards} shards; is "
            "something else writing to it? Stop that, then run again to rebuild the index"
        )
    fields = field_bytes(client, index)
    if ghost := ghost_of(fields):
        raise WrongIndexError(
            f"index {index!r} did not settle: {ghost:,} bytes are copies of documents kept for "
            "recovery, though no lease needs them; run again to rebuild the index"
        )
    description = client.indices.get(index=index)[index]
    return Storage(
        size=size,
        loaded=loaded.size,
        lease_wait_seconds=waited,
        merge_seconds=merge_seconds,
        field_bytes=fields,
        loaded_field_bytes=loaded.field_bytes,
        mappings=description["mappings"],
        settings=description["settings"],
    )


def _steady_size(client: Client, index: str, timeout: float = 60.0) -> IndexSize:
    """Size once two reads agree: files of merged segments are deleted a little later."""
    deadline = time.monotonic() + timeout
    before = read_size(client, index)
    while time.monotonic() < deadline:
        time.sleep(POLL)
        now = read_size(client, index)
        if now == before:
            return now
        before = now
    raise WrongIndexError(
        f"the size of {index!r} keeps changing for {timeout:.0f} s; is something writing to it? "
        "Stop that, then run again to rebuild the index"
    )


def lease_is_held(client: Client, index: str) -> bool | None:
    """Whether a retention lease still holds back operations that a merge could drop.

    That is so while some ``retaining_seq_no`` is not beyond the shard's ``max_seq_no``. None where
    the engine tells no leases.
    """
    stats = client.indices.stats(index=index, metric="docs", level="shards")
    whole(stats, f"a reading of the leases of {index!r}")
    if (copies := leased_copies(stats, index)) is None:
        return None
    if not copies:
        raise no_copy(index)
    return any(
        lease["retaining_seq_no"] <= copy["seq_no"]["max_seq_no"]
        for copy in copies
        for lease in copy["retention_leases"]["leases"]
    )


def wait_for_leases(client: Client, index: str, timeout: float = LEASE_TIMEOUT) -> float | None:
    """Wait until every retention lease has passed the last operation; None if none is told."""
    begun = time.monotonic()
    while held := lease_is_held(client, index):
        if time.monotonic() - begun > timeout:
            raise MeasurementError(
                f"a retention lease of {index!r} still holds back history after {timeout:.0f} s, "
                "so its size would be too large; is a follower or a shard recovery attached? Stop "
                "it, then run again"
            )
        time.sleep(POLL)
    return None if held is None else time.monotonic() - begun


def field_bytes(client: Client, index: str) -> FieldBytes:
    """Bytes by field and by Lucene structure, as the engine estimates them; None if it does not.

    An estimate from reading the index, which leaves out what fields share; the store is the truth.

    https://www.elastic.co/docs/reference/elasticsearch/rest-apis/index-disk-usage
    """
    answer = disk_usage(client.options(request_timeout=READ_TIMEOUT), index)
    if answer is None:
        return None
    whole(answer, f"an analysis of the disk use of {index!r}")
    fields: dict[str, dict[str, int]] = {}
    for field, usage in answer[index]["fields"].items():
        sizes = {
            structure.removesuffix("_in_bytes"): size
            for structure, size in usage.items()
            if structure.endswith("_in_bytes") and structure != "total_in_bytes" and size
        }
        inverted = usage.get("inverted_index", {}).get("total_in_bytes", 0)
        fields[field] = sizes | ({"inverted_index": inverted} if inverted else {})
    return fields


def forget_index(folder: Path) -> None:
    """Forget that a variant's index was loaded, and what was measured and confirmed of it."""
    for name in ("loaded.json", "loading.json", "storage.json"):
        (folder / name).unlink(missing_ok=True)
    for path in folder.glob("confirmed*.json"):
        path.unlink()


@contextmanager
def forgotten_if_wrong(folder: Path) -> Iterator[None]:
    """Forget a variant's index where what is done with it shows that it is wrong.

    Any other error, such as a lost connection or an answer that was cut short, says nothing about
    the index: it stays, and the next start goes on with it.
    """
    try:
        yield
    except WrongIndexError:
        forget_index(folder)
        raise
