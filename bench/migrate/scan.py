"""Read an index in an order that can be taken up again: by sequence number, shard by shard.

Every write gives a document the next sequence number of its shard, so that what was added or
changed later comes later, and a number says how far a reader has come. The global checkpoint is the
number up to which every write is on all copies: what is read below it is final.

https://www.elastic.co/guide/en/elasticsearch/reference/8.18/optimistic-concurrency-control.html
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from bench.engine.client import retried, whole
from bench.index.aliases import EVERYTHING, through
from bench.migrate.place import TOP, without_prefix
from bench.runs.errors import IndexStateError


def patiently(send: Callable[[], Any], sleep: Callable[[float], object] = time.sleep) -> Any:
    """Send a request that only reads, and again after a pause while the cluster is busy."""
    return whole(retried(send, sleep), "a search")


def checkpoints(client: Elasticsearch, index: str) -> dict[int, int]:
    """Number up to which all writes are final, by shard; −1 where there was none."""
    settings = client.indices.get_settings(index=index)[index]["settings"]["index"]
    stats = client.indices.stats(index=index, metric=["docs"], level="shards")
    found = {
        int(shard): copy["seq_no"]["global_checkpoint"]
        for shard, copies in stats["indices"].get(index, {}).get("shards", {}).items()
        for copy in copies
        if copy["routing"]["primary"] and "seq_no" in copy
    }
    if len(found) != int(settings["number_of_shards"]):
        raise IndexStateError(
            f"index {index!r} is red: {len(found)} of {settings['number_of_shards']} primary "
            "shards are there; see GET _cluster/allocation/explain for the reason"
        )
    return dict(sorted(found.items()))


def pages(
    client: Elasticsearch,
    index: str,
    shard: int,
    after: int,
    until: int,
    size: int,
    prefixes: Sequence[str] = TOP,
    *,
    only: Mapping[str, Any] = EVERYTHING,
) -> Iterator[list[dict[str, Any]]]:
    """Documents of a shard in the order of their last writes, a page at a time.

    Yields
    ------
    list of dict
        Hits with ``_id``, ``_seq_no``, ``_source`` without prefix and, where there is one,
        ``_routing``.
    """
    while after < until:
        hits = _read(client, index, shard, {"gt": after, "lte": until}, size, prefixes, only)
        if not hits:
            return
        yield hits
        after = int(hits[-1]["_seq_no"])


def spread(
    client: Elasticsearch,
    index: str,
    until: Mapping[int, int],
    wanted: int,
    prefixes: Sequence[str] = TOP,
    *,
    only: Mapping[str, Any] = EVERYTHING,
) -> list[dict[str, Any]]:
    """Sample documents of all ages, from all shards."""
    picks = max(1, min(20, wanted // max(1, len(until))))
    each = -(-wanted // (picks * max(1, len(until))))
    found: dict[str, dict[str, Any]] = {}
    for shard, last in until.items():
        for pick in range(picks):
            bounds = {"gte": pick * (last + 1) // picks, "lte": last}
            hits = _read(client, index, shard, bounds, each, prefixes, only)
            found |= {hit["_id"]: hit for hit in hits}
    return list(found.values())


def count_after(
    client: Elasticsearch,
    index: str,
    until: Mapping[int, int],
    *,
    only: Mapping[str, Any] = EVERYTHING,
) -> int:
    """Number of documents that were added or changed after these sequence numbers, by shard."""
    return sum(
        _count(
            client,
            index=index,
            preference=f"_shards:{shard}",
            **through(only, {"range": {"_seq_no": {"gt": last}}}),
        )
        for shard, last in until.items()
    )


def count_of(
    client: Elasticsearch,
    index: str,
    ids: Sequence[str],
    *,
    only: Mapping[str, Any] = EVERYTHING,
) -> int:
    """Number of these documents that an index has."""
    return sum(
        _count(
            client,
            index=index,
            **through(only, {"ids": {"values": list(ids[first : first + 1000])}}),
        )
        for first in range(0, len(ids), 1000)
    )


def count_all(client: Elasticsearch, index: str, *, only: Mapping[str, Any] = EVERYTHING) -> int:
    """Number of documents that a search sees."""
    return _count(client, index=index, **through(only))


def _count(client: Elasticsearch, **request: Any) -> int:
    return int(patiently(lambda: client.count(**request))["count"])


def _read(
    client: Elasticsearch,
    index: str,
    shard: int,
    bounds: dict[str, int],
    size: int,
    prefixes: Sequence[str],
    only: Mapping[str, Any],
) -> list[dict[str, Any]]:
    answer = patiently(
        lambda: client.search(
            index=index,
            preference=f"_shards:{shard}",
            **through(only, {"range": {"_seq_no": bounds}}),
            sort=[{"_seq_no": "asc"}],
            size=size,
            source=True,
            seq_no_primary_term=True,
            track_total_hits=False,
            allow_partial_search_results=False,
        )
    )
    hits: list[dict[str, Any]] = answer["hits"]["hits"]
    if tuple(prefixes) != TOP:
        for hit in hits:
            hit["_source"] = without_prefix(hit.get("_source", {}), prefixes)
    return hits
