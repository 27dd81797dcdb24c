"""Disk size of an index, in a state that is the same every time it is measured.

Wherever ``_source`` is filtered or synthetic, Elasticsearch keeps a full copy of each document in a
``_recovery_source`` field until the shard's retention leases have passed it *and* its segment is
merged again; deleted documents stay as long. A store size read earlier is that of a moment. So:
flush, wait until every lease has passed the last operation, merge to one segment, flush, and read
until two reads agree. Leases are renewed by a background task every 30 seconds.

https://www.elastic.co/guide/en/elasticsearch/reference/8.18/index-modules-history-retention.html
https://www.elastic.co/guide/en/elasticsearch/reference/8.18/indices-stats.html
"""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from bench.engine.client import retried, whole
from bench.index.aliases import EVERYTHING, through
from bench.index.field_bytes import GHOST, field_bytes
from bench.index.index_errors import WrongIndexError
from bench.index.leases import lease_is_held, wait_for_leases
from bench.runs.errors import IndexStateError

__all__ = [
    "GHOST",
    "IndexSize",
    "Loaded",
    "Storage",
    "count_documents",
    "field_bytes",
    "lease_is_held",
    "no_such_index",
    "read_loaded",
    "read_size",
    "settle_and_measure",
    "wait_for_leases",
]

#: Seconds between two reads of the statistics.
POLL = 1.0


@dataclass(frozen=True)
class IndexSize:
    """Size and state of an index's primary shards; bytes unless said otherwise.

    Parameters
    ----------
    documents : int
        Documents that a search sees.
    deleted : int
        Lucene's documents that are deleted and still there: nested objects are such too.
    segments : int
        Lucene segments.
    shards, replicas : int
        Primary shards, and copies of each.
    store_bytes : int
        ``_stats/store`` of the primaries: all files of the shards except the translog.
    translog_bytes : int
        Transaction log, which is not part of the store.
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


def count_documents(client: Elasticsearch, index: str, only: Mapping[str, Any] = EVERYTHING) -> int:
    """Number of documents that a search sees.

    ``docs.count`` of ``_stats`` is of Lucene's documents: each nested object is one more.
    """
    answer = retried(lambda: client.count(index=index, **through(only)))
    return int(whole(answer, f"a count of {index!r}")["count"])


def read_size(client: Elasticsearch, index: str) -> IndexSize:
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
    copies = stats["indices"].get(index, {}).get("shards", {})
    present = sum(any(c["routing"]["primary"] for c in shard) for shard in copies.values())
    if present != shards:
        raise IndexStateError(
            f"index {index!r} is red: {present} of {shards} primary shards are there; see "
            "GET _cluster/allocation/explain for the reason"
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


def no_such_index(client: Elasticsearch, name: str) -> IndexStateError:
    """The error that there is no such index, with those there are."""
    there = ", ".join(sorted(client.indices.get(index="*", features="aliases"))) or "none"
    return IndexStateError(f"there is no index {name!r}; there are: {there}")


@dataclass(frozen=True)
class Loaded:
    """An index as it is right after loading, copies of documents for recovery included.

    Parameters
    ----------
    size : IndexSize
        Its size.
    field_bytes : dict
        By field and Lucene structure, see `bench.index.field_bytes`.
    """

    size: IndexSize
    field_bytes: dict[str, dict[str, int]]

    def to_json(self) -> dict[str, Any]:
        """As nested plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, form: dict[str, Any]) -> "Loaded":
        """Rebuild from `to_json`."""
        return cls(IndexSize(**form["size"]), form["field_bytes"])


def read_loaded(client: Elasticsearch, index: str) -> Loaded:
    """Write what is in memory to disk and read the size of an index."""
    flushed = client.indices.flush(index=index, force=True, wait_if_ongoing=True)
    whole(flushed, f"a flush of {index!r}")
    return Loaded(read_size(client, index), field_bytes(client, index))


@dataclass(frozen=True)
class Storage:
    """A settled index: what it takes on disk and how it got there.

    Parameters
    ----------
    size, loaded : IndexSize
        Settled, and as it was right after loading.
    lease_wait_seconds, merge_seconds : float
        How long settling took.
    field_bytes, loaded_field_bytes : dict
        By field and Lucene structure, see `field_bytes`; settled, and right after loading.
    mappings, settings : dict
        As Elasticsearch has them.
    """

    size: IndexSize
    loaded: IndexSize
    lease_wait_seconds: float
    merge_seconds: float
    field_bytes: dict[str, dict[str, int]]
    loaded_field_bytes: dict[str, dict[str, int]]
    mappings: dict[str, Any]
    settings: dict[str, Any]

    @property
    def ghost_bytes(self) -> int:
        """Copies of documents kept for recovery right after loading, gone when settled."""
        return sum(self.loaded_field_bytes.get(GHOST, {}).values())

    def to_json(self) -> dict[str, Any]:
        """As nested plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, form: dict[str, Any]) -> "Storage":
        """Rebuild from `to_json`."""
        sizes = {key: IndexSize(**form[key]) for key in ("size", "loaded")}
        return cls(**{**form, **sizes})


def settle_and_measure(
    client: Elasticsearch, index: str, documents: int, loaded: Loaded | None = None
) -> Storage:
    """Bring an index into its final state and measure it.

    Parameters
    ----------
    loaded : Loaded, optional
        What it was right after loading; default: what it is now, which is less if it has been
        merged since.
    """
    if loaded is None:
        loaded = read_loaded(client, index)
    waited = wait_for_leases(client, index)
    begun = time.monotonic()
    merging = client.options(request_timeout=3600)
    merged = merging.indices.forcemerge(index=index, max_num_segments=1)
    whole(merged, f"a merge of {index!r}")
    client.indices.flush(index=index, force=True, wait_if_ongoing=True)
    size = _steady_size(client, index)
    merge_seconds = time.monotonic() - begun
    if (size.documents, size.deleted, size.segments) != (documents, 0, size.shards):
        raise WrongIndexError(
            f"index {index!r} did not settle: {size.documents} documents of {documents}, "
            f"{size.deleted} deleted, {size.segments} segments in {size.shards} shards; is "
            "something else writing to it? Stop that, then run again to rebuild the index"
        )
    fields = field_bytes(client, index)
    if ghost := sum(fields.get(GHOST, {}).values()):
        raise WrongIndexError(
            f"index {index!r} did not settle: {ghost:,} bytes are copies of documents kept for "
            "recovery, though no lease asks for them; run again to rebuild the index"
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


def _steady_size(client: Elasticsearch, index: str, timeout: float = 60.0) -> IndexSize:
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
