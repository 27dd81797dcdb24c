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
import warnings
from dataclasses import asdict, dataclass
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError
from elasticsearch.exceptions import GeneralAvailabilityWarning

from bench.errors import IndexStateError, MeasurementError

#: Seconds until waiting for a lease is given up; it is renewed every 30.
LEASE_TIMEOUT = 180.0
#: Seconds between two reads of the statistics.
POLL = 1.0


@dataclass(frozen=True)
class IndexSize:
    """Size and state of an index's primary shards; bytes unless said otherwise.

    Parameters
    ----------
    documents, deleted : int
        Live and deleted documents.
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


def read_size(client: Elasticsearch, index: str) -> IndexSize:
    """Read an index's size as it is now; changes nothing.

    Parameters
    ----------
    client : Elasticsearch
        The engine's client.
    index : str
        Index name.

    Returns
    -------
    IndexSize

    Raises
    ------
    IndexStateError
        If the index is missing, or a primary shard of it is not there (a red index).
    """
    try:
        settings = client.indices.get_settings(index=index)[index]["settings"]["index"]
        stats = client.indices.stats(
            index=index, metric=["docs", "store", "segments", "translog"], level="shards"
        )
    except (NotFoundError, KeyError) as error:
        there = ", ".join(sorted(client.indices.get(index="*", features="aliases"))) or "none"
        raise IndexStateError(f"there is no index {index!r}; there are: {there}") from error
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
        documents=primaries["docs"]["count"],
        deleted=primaries["docs"]["deleted"],
        segments=primaries["segments"]["count"],
        shards=shards,
        replicas=int(settings["number_of_replicas"]),
        store_bytes=primaries["store"]["size_in_bytes"],
        translog_bytes=primaries["translog"]["size_in_bytes"],
    )


def lease_is_held(client: Elasticsearch, index: str) -> bool:
    """Whether a retention lease still holds back operations that a merge could drop.

    Parameters
    ----------
    client : Elasticsearch
        The engine's client.
    index : str
        Index name.

    Returns
    -------
    bool
        True while some ``retaining_seq_no`` is not beyond the shard's ``max_seq_no``.
    """
    stats = client.indices.stats(index=index, metric="docs", level="shards")
    for shard in stats["indices"][index]["shards"].values():
        for copy in shard:
            last = copy["seq_no"]["max_seq_no"]
            for lease in copy["retention_leases"]["leases"]:
                if lease["retaining_seq_no"] <= last:
                    return True
    return False


def wait_for_leases(client: Elasticsearch, index: str, timeout: float = LEASE_TIMEOUT) -> float:
    """Wait until every retention lease has passed the last operation.

    Parameters
    ----------
    client : Elasticsearch
        The engine's client.
    index : str
        Index name.
    timeout : float
        Seconds.

    Returns
    -------
    float
        Seconds waited.

    Raises
    ------
    MeasurementError
        If a lease is still held after `timeout`.
    """
    begun = time.monotonic()
    while lease_is_held(client, index):
        if time.monotonic() - begun > timeout:
            raise MeasurementError(
                f"a retention lease of {index!r} still holds back history after {timeout:.0f} s, "
                "so its size would be too large; is a follower or a shard recovery attached? Stop "
                "it, then run again"
            )
        time.sleep(POLL)
    return time.monotonic() - begun


@dataclass(frozen=True)
class Storage:
    """A settled index: what it takes on disk and how it got there."""

    size: IndexSize
    loaded: IndexSize
    lease_wait_seconds: float
    merge_seconds: float
    field_bytes: dict[str, dict[str, int]]
    mappings: dict[str, Any]
    settings: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """As nested plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, form: dict[str, Any]) -> "Storage":
        """Rebuild from `to_json`."""
        sizes = {key: IndexSize(**form[key]) for key in ("size", "loaded")}
        return cls(**{**form, **sizes})


def settle_and_measure(client: Elasticsearch, index: str, documents: int) -> Storage:
    """Bring an index into its final state and measure it.

    Parameters
    ----------
    client : Elasticsearch
        The engine's client.
    index : str
        An index of ours, loaded and not written to any more.
    documents : int
        How many documents it must hold.

    Returns
    -------
    Storage

    Raises
    ------
    MeasurementError
        If it does not end in one segment with exactly these documents and none deleted.
    """
    client.indices.flush(index=index, force=True, wait_if_ongoing=True)
    loaded = read_size(client, index)
    waited = wait_for_leases(client, index)
    begun = time.monotonic()
    merging = client.options(request_timeout=3600)
    merging.indices.forcemerge(index=index, max_num_segments=1)
    client.indices.flush(index=index, force=True, wait_if_ongoing=True)
    size = _steady_size(client, index)
    merge_seconds = time.monotonic() - begun
    if (size.documents, size.deleted, size.segments) != (documents, 0, size.shards):
        raise MeasurementError(
            f"index {index!r} did not settle: {size.documents} documents of {documents}, "
            f"{size.deleted} deleted, {size.segments} segments in {size.shards} shards; is "
            "something else writing to it? Delete it and run again"
        )
    description = client.indices.get(index=index)[index]
    return Storage(
        size=size,
        loaded=loaded,
        lease_wait_seconds=waited,
        merge_seconds=merge_seconds,
        field_bytes=field_bytes(client, index),
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
    raise MeasurementError(
        f"the size of {index!r} keeps changing for {timeout:.0f} s; is something writing to it?"
    )


def field_bytes(client: Elasticsearch, index: str) -> dict[str, dict[str, int]]:
    """Bytes by field and by Lucene structure, as Elasticsearch estimates them.

    An estimate from reading the index, which leaves out what fields share; the store is the truth.

    Parameters
    ----------
    client : Elasticsearch
        The engine's client.
    index : str
        Index name. Reading it costs as much input as the index is large.

    Returns
    -------
    dict
        ``{field: {structure: bytes}}``; structures that take nothing are left out.

    Notes
    -----
    https://www.elastic.co/guide/en/elasticsearch/reference/8.18/indices-disk-usage.html
    """
    with warnings.catch_warnings():
        # A technical preview: the client warns of every call, and we take it for an estimate.
        warnings.simplefilter("ignore", GeneralAvailabilityWarning)
        answer = client.indices.disk_usage(index=index, run_expensive_tasks=True)
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
