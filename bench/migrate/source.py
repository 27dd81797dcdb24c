"""The index to migrate from, written by image-match or a fork of it. It is only read.

image-match's driver writes ``path``, ``signature`` (a JSON array of 648 integers),
``simple_word_0`` … ``simple_word_62`` (63 integers), ``timestamp`` (local time, ISO 8601) and,
where given, ``metadata`` (anything). It sends no mapping; Elasticsearch derives one. image-match3
nests these fields in an object, see `bench.migrate.prefix`. Forks write the same fields, some with
``url`` beside ``path``.

Documents are read shard by shard in order of their sequence numbers, so that reading can resume.
Every write gives a document the next number of its shard: what was added or changed later comes
later. The global checkpoint is the number up to which all copies have every write; what is read
below it is final.

https://github.com/ProvenanceLabs/image-match, ``elasticsearch_driver.py``
https://www.elastic.co/docs/reference/elasticsearch/rest-apis/optimistic-concurrency-control
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from elasticsearch import NotFoundError

from bench.engine.client import Client, retried, shards_of, whole
from bench.index.storage import IndexSize, read_size, restriction, through
from bench.migrate.prefix import TOP, choose_prefixes, properties_without_prefix, without_prefix
from bench.runs.errors import IndexStateError, MeasurementError

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True)
class Source:
    """An index to migrate from, as it is now."""

    index: str  # never an alias
    uuid: str
    documents: int  # to migrate: those visible through the name that was given
    index_documents: int
    store_bytes: int  # of the whole index, primaries only
    shards: int
    replicas: int
    aliases: Mapping[str, Mapping[str, Any]]
    properties: Mapping[str, Any]  # names without prefix
    refresh_seconds: float  # below 0: never refreshed automatically
    N: int  # fields simple_word_0 to simple_word_{N-1}
    until: Mapping[int, int]  # last sequence number, by shard
    sample: list[dict[str, Any]] = field(repr=False)
    client: Client = field(repr=False, compare=False)  # of the cluster that it is on
    alias: str = ""  # the name that was given, if it shows a part of the index only
    only: Mapping[str, Any] = field(default_factory=dict)  # that part, see `bench.index.storage`
    prefixes: tuple[str, ...] = TOP
    dynamic: Any = True  # whether fields are mapped that are new to it, as its mapping has it
    analysis: Mapping[str, Any] = field(default_factory=dict)  # its analyzers, if it has its own

    @property
    def bytes_per_document(self) -> float:
        """Bytes a document of the whole index."""
        return self.store_bytes / self.index_documents

    def reader(self) -> "Reads":
        """Reads the documents to migrate."""
        return Reader(self.client, self.index, self.prefixes, self.only)

    @property
    def name(self) -> str:
        """What two migrations of it must share."""
        return self.index

    @property
    def is_dump(self) -> bool:
        """Whether it is the dump of an index."""
        return False

    def checkpoints(self) -> dict[int, int]:
        """See `checkpoints`."""
        return checkpoints(self.client, self.index)

    def size(self) -> IndexSize | None:
        """The present size of the index, if it can be asked."""
        return read_size(self.client, self.index)


class Reads(Protocol):
    """What `Reader` does, for other sources too."""

    def pages(self, shard: int, after: int, until: int, size: int) -> Iterator[list[Any]]:
        """See `Reader.pages`."""

    def count(self) -> int:
        """See `Reader.count`."""

    def count_after(self, until: Mapping[int, int]) -> int:
        """See `Reader.count_after`."""

    def count_of(self, ids: Sequence[str]) -> int:
        """See `Reader.count_of`."""

    def spread(self, until: Mapping[int, int], wanted: int) -> list[Any]:
        """See `Reader.spread`."""

    def by_ids(self, ids: Sequence[str]) -> list[Any]:
        """See `Reader.by_ids`."""

    def has_changed(self, hit: Mapping[str, Any]) -> bool:
        """See `Reader.has_changed`."""


def read_source(
    client: Client, name: str, sample: int = 200, prefixes: Sequence[str] = ()
) -> Source:
    """Inspect the index to migrate."""
    try:
        found = client.indices.get(index=name).body
    except NotFoundError as error:
        raise IndexStateError(
            f"no index {name!r} to migrate from; GET _cat/indices lists those that exist"
        ) from error
    if len(found) != 1:
        raise IndexStateError(
            f"{name!r} matches {len(found)} indices ({', '.join(sorted(found)) or 'none'}); "
            "migrate them one at a time, each by its own name"
        )
    ((index, description),) = found.items()
    settings, mappings = description["settings"]["index"], description["mappings"]
    _check_source_field(index, settings, mappings)
    properties = mappings.get("properties", {})
    size, until = read_size(client, index), checkpoints(client, index)
    aliases = description.get("aliases", {})
    only = restriction(aliases.get(name, {}))
    places, N = choose_prefixes(index, properties, prefixes)
    reader = Reader(client, index, places, only)
    hits = reader.spread(until, sample)
    if not hits:
        raise IndexStateError(f"{name!r} has no document to migrate (or none that a search sees)")
    if empty := [hit["_id"] for hit in hits if not hit.get("_source")]:
        raise IndexStateError(
            f"document {empty[0]!r} of index {index!r} has no _source, so nothing can be read from "
            "it"
        )
    return Source(
        index=index,
        uuid=settings["uuid"],
        documents=reader.count(),
        index_documents=size.documents,
        store_bytes=size.store_bytes,
        shards=size.shards,
        replicas=size.replicas,
        aliases=dict(sorted(aliases.items())),
        properties=properties_without_prefix(properties, places),
        refresh_seconds=_seconds(settings.get("refresh_interval", "1s")),
        N=N,
        until=until,
        sample=hits,
        client=client,
        alias=name if only else "",
        only=only,
        prefixes=places,
        dynamic=mappings.get("dynamic", True),
        analysis=settings.get("analysis", {}),
    )


def _check_source_field(index: str, settings: Mapping[str, Any], mappings: Any) -> None:
    kept = mappings.get("_source", {})
    mode = settings.get("mapping", {}).get("source", {}).get("mode", kept.get("mode", "stored"))
    if kept.get("enabled") is False or mode != "stored":
        raise IndexStateError(
            f"index {index!r} does not keep _source as it was sent ({kept or mode}), so its "
            "signatures cannot be read back unchanged; index the images again"
        )
    if left_out := [part for part in ("includes", "excludes") if kept.get(part)]:
        raise IndexStateError(
            f"index {index!r} leaves fields out of _source ({left_out[0]}: "
            f"{kept[left_out[0]]!r}), so they cannot be read back and would be lost; index the "
            "images again"
        )


def _seconds(interval: str) -> float:
    """An Elasticsearch time value in seconds.

    >>> _seconds("500ms"), _seconds("30s"), _seconds("-1")
    (0.5, 30.0, -1.0)
    """
    match = re.fullmatch(r"(-?[\d.]+)(ms|s|m|h|d)?", interval)
    return float(match[1]) * _UNITS[match[2] or "s"] if match else 1.0


def patiently(send: Callable[[], Any], sleep: Callable[[float], object] = time.sleep) -> Any:
    """Send a request that only reads, and repeat it after a pause while the cluster is busy."""
    return whole(retried(send, sleep), "a search")


def present(
    client: Client, index: str, hits: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """What an index says of documents, visible to searches or not: ``found``, ``_seq_no``."""
    docs = [
        {"_id": hit["_id"], "_source": False}
        | ({"routing": hit["_routing"]} if "_routing" in hit else {})
        for hit in hits
    ]
    found: list[Mapping[str, Any]] = retried(lambda: client.mget(index=index, docs=docs))["docs"]
    if failed := [one for one in found if "error" in one]:
        raise MeasurementError(
            f"index {index!r} does not say whether it has document {failed[0]['_id']!r}: "
            f"{failed[0]['error'].get('reason')}. Repeat the command"
        )
    return found


def checkpoints(client: Client, index: str) -> dict[int, int]:
    """Sequence number up to which all writes are final, by shard; −1 where there was none."""
    settings = client.indices.get_settings(index=index)[index]["settings"]["index"]
    stats = client.indices.stats(index=index, metric=["docs"], level="shards")
    found = {
        int(shard): copy["seq_no"]["global_checkpoint"]
        for shard, copies in shards_of(stats, index).items()
        for copy in copies
        if copy["routing"]["primary"] and "seq_no" in copy
    }
    if len(found) != int(settings["number_of_shards"]):
        raise IndexStateError(
            f"index {index!r} is red: {len(found)} of {settings['number_of_shards']} primary "
            "shards are available; GET _cluster/allocation/explain gives the reason"
        )
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class Reader:
    """Reads and counts what a name shows of an index."""

    client: Client
    index: str
    prefixes: Sequence[str] = TOP
    only: Mapping[str, Any] = field(default_factory=dict)

    def pages(
        self, shard: int, after: int, until: int, size: int
    ) -> Iterator[list[dict[str, Any]]]:
        """A shard's documents in the order of their last writes, a page at a time.

        Hits have ``_id``, ``_seq_no``, ``_source`` without prefix and, if there is one,
        ``_routing``.
        """
        while after < until:
            hits = self._read(shard, {"gt": after, "lte": until}, size)
            if not hits:
                return
            yield hits
            after = int(hits[-1]["_seq_no"])

    def spread(self, until: Mapping[int, int], wanted: int) -> list[dict[str, Any]]:
        """Sample old and new documents from all shards."""
        picks = max(1, min(20, wanted // max(1, len(until))))
        each = -(-wanted // (picks * max(1, len(until))))
        found: dict[str, dict[str, Any]] = {}
        for shard, last in until.items():
            for pick in range(picks):
                bounds = {"gte": pick * (last + 1) // picks, "lte": last}
                found |= {hit["_id"]: hit for hit in self._read(shard, bounds, each)}
        return list(found.values())

    def count(self, query: Mapping[str, Any] | None = None, **options: Any) -> int:
        """Number of documents that a search sees, or that a query finds among them."""
        request = {"index": self.index, **through(self.only, query), **options}
        return int(patiently(lambda: self.client.count(**request))["count"])

    def count_after(self, until: Mapping[int, int]) -> int:
        """Number of documents added or changed after these sequence numbers, given by shard."""
        return sum(
            self.count({"range": {"_seq_no": {"gt": last}}}, preference=f"_shards:{shard}")
            for shard, last in until.items()
        )

    def count_of(self, ids: Sequence[str]) -> int:
        """Number of these documents in the index."""
        chunks = (list(ids[first : first + 1000]) for first in range(0, len(ids), 1000))
        return sum(self.count({"ids": {"values": chunk}}) for chunk in chunks)

    def by_ids(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """The documents that there are of these, as a search sees them."""
        return self._search({"ids": {"values": list(ids)}}, size=len(ids))

    def has_changed(self, hit: Mapping[str, Any]) -> bool:
        """Whether a document was changed or deleted since it was read, be it visible or not."""
        (found,) = present(self.client, self.index, [hit])
        return bool(found.get("_seq_no") != hit["_seq_no"])

    def _read(self, shard: int, bounds: dict[str, int], size: int) -> list[dict[str, Any]]:
        query = {"range": {"_seq_no": bounds}}
        return self._search(query, size=size, preference=f"_shards:{shard}")

    def _search(self, query: Mapping[str, Any], **options: Any) -> list[dict[str, Any]]:
        answer = patiently(
            lambda: self.client.search(
                index=self.index,
                **through(self.only, query),
                **options,
                sort=[{"_seq_no": "asc"}],
                source=True,
                seq_no_primary_term=True,
                track_total_hits=False,
                allow_partial_search_results=False,
            )
        )
        hits: list[dict[str, Any]] = answer["hits"]["hits"]
        if tuple(self.prefixes) != TOP:
            for hit in hits:
                hit["_source"] = without_prefix(hit.get("_source", {}), self.prefixes)
        return hits
