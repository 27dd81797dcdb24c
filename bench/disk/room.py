"""Free space where indices are written, and what of it stays free.

An engine puts nothing on a node that is fuller than the low watermark, and blocks every index
with a shard on a node that reaches the flood stage; a full disk stops everything else, too.

https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/cluster-level-shard-allocation-routing-settings#disk-based-shard-allocation
"""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elasticsearch import ApiError

from bench.engine import Engine
from bench.engine.client import Client
from bench.engine.cluster import node_folders
from bench.engine.folder import place
from datasets.cache import cache_dir

#: What stays free on the disk of an embedded engine: this, or that share where it is less.
FLOOR_BYTES = 1_000_000_000
FLOOR_SHARE = 0.05
#: What both engines fill of a node's disk, where nobody has set it.
LOW_WATERMARK = "85%"
_DISK = "cluster.routing.allocation.disk"


@dataclass(frozen=True)
class Room:
    """Disk space: bytes that are free, and the floor that must stay so.

    `for_one` is what one index can have of it, where that is less: a shard is on one node. What
    `is_elsewhere` is a cluster's, whose disks are not ours to choose.
    """

    where: str
    free: int
    floor: int
    for_one: "Room | None" = None
    is_elsewhere: bool = False

    @property
    def usable(self) -> int:
        """Bytes that may be written; negative where the floor is reached already."""
        return self.free - self.floor


def size_bytes(text: str) -> int:
    """Bytes of a size such as ``512m`` or ``5g``.

    >>> size_bytes("512m"), size_bytes("0g")
    (536870912, 0)
    """
    return int(text[:-1]) * {"m": 2**20, "g": 2**30}[text[-1]]


def folder_room(folder: Path, floor: str | None = None) -> Room:
    """Space on the file system of a folder, which need not exist yet."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    disk = shutil.disk_usage(there)
    stays = min(FLOOR_BYTES, int(FLOOR_SHARE * disk.total)) if floor is None else size_bytes(floor)
    return Room(f"the disk of {folder}", disk.free, stays)


def cluster_room(client: Client, pieces: int = 1) -> Room | None:
    """Space on the nodes of a cluster elsewhere to which new indices go.

    On each node stays free what the engine keeps free; one that has no more gets no new shard
    and is not counted. None where the cluster does not say: its user lacks the privilege
    ``monitor``, or it manages its disks itself.

    A shard is whole on one node. Those of an index are taken to be of one size and spread over as
    many nodes, the roomiest: what the index can have is as much as the least roomy of these holds
    of its share. The engine balances shards by their numbers and sizes and may choose nodes
    that have less; what lies between the low watermark and the flood stage is the margin for that.

    https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/cluster-level-shard-allocation-routing-settings#shards-rebalancing-settings
    """
    try:
        nodes: Any = client.nodes.stats(metric="fs")["nodes"].values()
        disks = [one["fs"]["total"] for one in nodes if _takes_new(one.get("roles", ["data"]))]
        kept = _watermark(client) or (FLOOR_BYTES, FLOOR_SHARE)
        rooms = [
            _of_node(disk["available_in_bytes"], disk["total_in_bytes"], *kept) for disk in disks
        ]
    except (ApiError, KeyError):
        return None
    if not rooms:
        return None
    rooms.sort(key=lambda room: room.usable, reverse=True)
    rooms = [room for room in rooms if room.usable > 0] or rooms[:1]
    if len(rooms) == 1:
        return rooms[0]
    several = min(pieces, len(rooms))
    # Five pieces on two nodes: one of these holds three, so there is room for 5/3 of what it has.
    on_one, least = -(-pieces // several), rooms[several - 1]
    for_one = Room(
        f"the roomiest node{'s' if several > 1 else ''} of the cluster",
        pieces * least.free // on_one,
        pieces * least.floor // on_one,
        is_elsewhere=True,
    )
    return Room(
        f"the {len(rooms)} data nodes of the cluster with room",
        sum(room.free for room in rooms),
        sum(room.floor for room in rooms),
        for_one,
        is_elsewhere=True,
    )


def _of_node(free: int, total: int, most: int | None, share: float) -> Room:
    stays = int(share * total) if most is None else min(most, int(share * total))
    # What is missing on a node that is too full cannot be had from another.
    return Room("the data node", free, min(stays, free), is_elsewhere=True)


def _takes_new(roles: list[str]) -> bool:
    """Whether new indices go there: to other tiers they are moved later.

    https://www.elastic.co/docs/manage-data/lifecycle/data-tiers
    """
    return not {"data", "data_content"}.isdisjoint(roles)


def _watermark(client: Client) -> tuple[int | None, float] | None:
    """Bytes that at most stay free of a node's disk, and the share; None where nobody minds it.

    A cluster whose settings may not be read is taken to keep free what engines do by default.
    """
    try:
        found: Any = client.cluster.get_settings(include_defaults=True, flat_settings=True)
    except ApiError:
        found = {}
    given = {**found.get("persistent", {}), **found.get("transient", {})}
    settings = {**found.get("defaults", {}), **given}
    if str(settings.get(f"{_DISK}.threshold_enabled", True)).lower() != "true":
        return None
    low = str(settings.get(f"{_DISK}.watermark.low", LOW_WATERMARK))
    if low.endswith("%"):
        return _headroom(settings, given, low), (100 - float(low[:-1])) / 100
    if re.fullmatch(r"[\d.]+", low):
        return _headroom(settings, given, low), 1 - float(low)
    return _bytes(low), 1.0


def _headroom(settings: Mapping[str, Any], given: Mapping[str, Any], low: str) -> int | None:
    """Bytes that cap the share of a disk that stays free; None without a cap.

    Elasticsearch has one since 8.5, OpenSearch has none. By default it holds only while nobody has
    set the watermark; it is listed, too, where a node's own file has set that.
    """
    name = f"{_DISK}.watermark.low.max_headroom"
    most = str(settings.get(name, "-1"))
    return None if most == "-1" or (name not in given and low != LOW_WATERMARK) else _bytes(most)


def _bytes(text: str) -> int:
    """Bytes of a size as engines write it.

    >>> _bytes("200GB"), _bytes("1.5tb"), _bytes("512b")
    (214748364800, 1649267441664, 512)
    """
    size = text.lower().removesuffix("b")
    unit = size[-1] if size[-1].isalpha() else ""
    return int(float(size.removesuffix(unit)) * 2 ** (10 * ("", *"kmgtp").index(unit)))


def engine_room(
    engine: Engine, folder: Path, nodes: int, floor: str | None, pieces: int = 1
) -> Room | None:
    """Space where an engine's indices go."""
    if engine.kind == "external":
        return cluster_room(engine.client, pieces)
    return folder_room(place(node_folders(folder, nodes)[0], cache_dir()), floor)
