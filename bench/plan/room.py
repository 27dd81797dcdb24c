"""Free space where indices are written, and what of it stays free.

Elasticsearch puts nothing on a node that is fuller than the low watermark, and blocks every index
with a shard on a node that reaches the flood stage; a full disk stops everything else, too.

https://www.elastic.co/guide/en/elasticsearch/reference/8.18/modules-cluster.html#disk-based-shard-allocation
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elasticsearch import ApiError, Elasticsearch

from bench.engine import Engine
from bench.engine.cluster import node_folders
from bench.engine.folder import place
from datasets.cache import cache_dir

#: What stays free on the disk of an embedded engine: this, or that share where it is less.
FLOOR_BYTES = 1_000_000_000
FLOOR_SHARE = 0.05
#: What stays free on each node of a cluster elsewhere: Elasticsearch's low watermark.
WATERMARK_SHARE = 0.15
WATERMARK_BYTES = 200 * 2**30


@dataclass(frozen=True)
class Room:
    """Disk space.

    Parameters
    ----------
    where : str
        A folder, or the nodes of a cluster.
    free, floor : int
        Bytes that are free, and how many of them must stay so.
    """

    where: str
    free: int
    floor: int

    @property
    def usable(self) -> int:
        """Bytes that may be written; negative where the floor is reached already."""
        return self.free - self.floor


def size_bytes(text: str) -> int:
    """Bytes of a size such as ``512m`` or ``5g``.

    Examples
    --------
    >>> size_bytes("512m"), size_bytes("0g")
    (536870912, 0)
    """
    return int(text[:-1]) * {"m": 2**20, "g": 2**30}[text[-1]]


def folder_room(folder: Path, floor: str | None = None) -> Room:
    """Space on the file system of a folder, which need not exist yet.

    Parameters
    ----------
    folder : Path
        Where files will be written.
    floor : str, optional
        What stays free; see `bench.experiment.Engine`.

    Returns
    -------
    Room
    """
    there = next(path for path in (folder, *folder.parents) if path.exists())
    disk = shutil.disk_usage(there)
    stays = min(FLOOR_BYTES, int(FLOOR_SHARE * disk.total)) if floor is None else size_bytes(floor)
    return Room(f"the disk of {folder}", disk.free, stays)


def cluster_room(client: Elasticsearch, floor: str | None = None) -> Room | None:
    """Space on all data nodes of a cluster that runs elsewhere.

    Parameters
    ----------
    client : Elasticsearch
        The connection.
    floor : str, optional
        What stays free on all nodes together; by default what Elasticsearch keeps free on each.

    Returns
    -------
    Room or None
        None where the cluster does not say: its user lacks the privilege ``monitor``, or it is
        one that manages its disks itself.
    """
    try:
        nodes: Any = client.nodes.stats(metric="fs")["nodes"].values()
        disks = [one["fs"]["total"] for one in nodes if _holds_data(one.get("roles", ["data"]))]
        free = sum(disk["available_in_bytes"] for disk in disks)
        stays = sum(
            min(WATERMARK_BYTES, int(WATERMARK_SHARE * disk["total_in_bytes"])) for disk in disks
        )
        if not _has_watermarks(client):
            stays = min(FLOOR_BYTES, int(stays / WATERMARK_SHARE * FLOOR_SHARE))
    except (ApiError, KeyError):
        return None
    if not disks:
        return None
    where = f"the {len(disks)} data nodes of the cluster" if len(disks) > 1 else "the data node"
    return Room(where, free, stays if floor is None else size_bytes(floor))


def _holds_data(roles: list[str]) -> bool:
    return any(role.startswith("data") for role in roles)


def _has_watermarks(client: Elasticsearch) -> bool:
    """Whether the cluster minds its disks; one whose settings may not be read is taken to."""
    name = "cluster.routing.allocation.disk.threshold_enabled"
    try:
        found = client.cluster.get_settings(include_defaults=True, flat_settings=True)
    except ApiError:
        return True
    values = [found.get(part, {}).get(name) for part in ("transient", "persistent", "defaults")]
    return str(next((value for value in values if value is not None), True)).lower() == "true"


def engine_room(engine: Engine, folder: Path, nodes: int, floor: str | None) -> Room | None:
    """Space where an engine's indices go.

    Parameters
    ----------
    engine : Engine
        Embedded or elsewhere.
    folder : Path
        Of an embedded engine.
    nodes : int
        Of an embedded engine; all are on one disk.
    floor : str, optional
        The key ``engine.disk_floor``, which is the embedded engine's.

    Returns
    -------
    Room or None
        None where a cluster does not say.
    """
    if engine.kind == "external":
        return cluster_room(engine.client)
    return folder_room(place(node_folders(folder, nodes)[0], cache_dir()), floor)
