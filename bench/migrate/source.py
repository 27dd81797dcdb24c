"""What is to be migrated: an index that image-match, or a fork of it, has written. Reads only.

image-match's driver writes ``path``, ``signature`` (a JSON array of 648 integers),
``simple_word_0`` … ``simple_word_62`` (63 integers), ``timestamp`` (local time, ISO 8601) and,
where given, ``metadata`` (anything). It sends no mapping, so that Elasticsearch has chosen one.
Up to Elasticsearch 6 its documents were of the type ``image``; there are no types any more, and
image-match3 writes the fields below a name instead, see `bench.migrate.place`. Forks write the same
fields, some with ``url`` beside ``path``.

https://github.com/ProvenanceLabs/image-match, ``elasticsearch_driver.py``
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from bench.index.aliases import restriction
from bench.index.storage import read_size
from bench.migrate.place import TOP, choose_prefixes, properties_without_prefix
from bench.migrate.scan import checkpoints, count_all, spread
from bench.runs.errors import IndexStateError

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True)
class Source:
    """An index to migrate from, as it is now.

    Parameters
    ----------
    index, uuid : str
        Its name (never an alias) and identity.
    documents : int
        That are to be migrated: those that a search sees, by the alias that was named.
    index_documents : int
        That a search sees in all of the index.
    store_bytes : int
        Size of the primaries, of all of the index.
    shards, replicas : int
        Primary shards, and copies of each.
    aliases : mapping of str to mapping
        Other names it has, and how they are defined.
    properties : mapping
        Its mapping, by names without prefix.
    refresh_seconds : float
        How long it takes until a written document is seen; below 0 where that is not by itself.
    N : int
        Number of fields of words, ``simple_word_0`` to ``simple_word_{N-1}``.
    until : mapping of int to int
        Last sequence number by shard.
    sample : list of dict
        Hits of all ages.
    alias : str
        The name it was found by, where that shows a part of it.
    only : mapping
        Which part, see `bench.index.aliases`.
    prefixes : tuple of str
        Names that its fields stand below; the empty one is the top.
    """

    index: str
    uuid: str
    documents: int
    index_documents: int
    store_bytes: int
    shards: int
    replicas: int
    aliases: Mapping[str, Mapping[str, Any]]
    properties: Mapping[str, Any]
    refresh_seconds: float
    N: int
    until: Mapping[int, int]
    sample: list[dict[str, Any]] = field(repr=False)
    alias: str = ""
    only: Mapping[str, Any] = field(default_factory=dict)
    prefixes: tuple[str, ...] = TOP

    @property
    def bytes_per_document(self) -> float:
        """Store over documents, of all of the index."""
        return self.store_bytes / self.index_documents


def read_source(
    client: Elasticsearch, name: str, sample: int = 200, prefixes: Sequence[str] = ()
) -> Source:
    """Look at an index that is to be migrated."""
    try:
        found = client.indices.get(index=name).body
    except NotFoundError as error:
        raise IndexStateError(
            f"there is no index {name!r} to migrate from; GET _cat/indices names those there are"
        ) from error
    if len(found) != 1:
        raise IndexStateError(
            f"{name!r} stands for {len(found)} indices ({', '.join(sorted(found)) or 'none'}); "
            "migrate them one by one, each by its own name"
        )
    ((index, description),) = found.items()
    settings, mappings = description["settings"]["index"], description["mappings"]
    _check_source_field(index, settings, mappings)
    properties = mappings.get("properties", {})
    size, until = read_size(client, index), checkpoints(client, index)
    aliases = description.get("aliases", {})
    only = restriction(aliases.get(name, {}))
    places, N = choose_prefixes(index, properties, prefixes)
    hits = spread(client, index, until, sample, places, only=only)
    if not hits:
        raise IndexStateError(f"{name!r} has no document to migrate (or none to be seen)")
    if empty := [hit["_id"] for hit in hits if not hit.get("_source")]:
        raise IndexStateError(
            f"document {empty[0]!r} of index {index!r} has no _source; nothing can be read from it"
        )
    return Source(
        index=index,
        uuid=settings["uuid"],
        documents=count_all(client, index, only=only),
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
        alias=name if only else "",
        only=only,
        prefixes=places,
    )


def _check_source_field(index: str, settings: Mapping[str, Any], mappings: Any) -> None:
    kept = mappings.get("_source", {})
    mode = settings.get("mapping", {}).get("source", {}).get("mode", kept.get("mode", "stored"))
    if kept.get("enabled") is False or mode != "stored":
        raise IndexStateError(
            f"index {index!r} does not keep _source as it was sent ({kept or mode}), so its "
            "signatures cannot be read back as they were; index the pictures anew"
        )


def _seconds(interval: str) -> float:
    """Seconds of a time as Elasticsearch writes it.

    Examples
    --------
    >>> _seconds("500ms"), _seconds("30s"), _seconds("-1")
    (0.5, 30.0, -1.0)
    """
    match = re.fullmatch(r"(-?[\d.]+)(ms|s|m|h|d)?", interval)
    return float(match[1]) * _UNITS[match[2] or "s"] if match else 1.0
