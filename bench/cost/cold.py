"""Make an index cold, as far as a user without root rights can.

Closing an index ends its readers, with all that Elasticsearch and Lucene keep in memory for them.
What the operating system keeps of its files is dropped with ``posix_fadvise``, which any user may
ask for files he can read, once nothing has them mapped. A virtual disk may still be cached by its
host, and the Java code stays compiled: a cold search here is one after a restart of the index, not
of the machine.

https://www.elastic.co/guide/en/elasticsearch/reference/8.18/indices-close.html
https://man7.org/linux/man-pages/man2/posix_fadvise.2.html
"""

import os
from pathlib import Path

from elasticsearch import Elasticsearch

from bench.cost.settings import State


def make_cold(client: Elasticsearch, index: str) -> State:
    """Close an index, drop its files from the page cache, and open it.

    Returns
    -------
    {"cold", "reopened"}
        Whether the files were there to be dropped: not those of a cluster elsewhere, nor on a
        system without ``posix_fadvise``.
    """
    folders = index_folders(client, index)
    client.indices.close(index=index)
    dropped = [drop_from_page_cache(folder) for folder in folders]
    client.indices.open(index=index, wait_for_active_shards="1")
    client.cluster.health(index=index, wait_for_status="yellow", timeout="60s")
    return "cold" if dropped and all(dropped) else "reopened"


def index_folders(client: Elasticsearch, index: str) -> list[Path]:
    """Folders of an index's shards on this machine; none where its nodes run elsewhere."""
    uuid = client.indices.get_settings(index=index)[index]["settings"]["index"]["uuid"]
    nodes = client.nodes.stats(metric="fs")["nodes"].values()
    paths = {Path(data["path"]) / "indices" / uuid for node in nodes for data in node["fs"]["data"]}
    return sorted(path for path in paths if path.is_dir())


def drop_from_page_cache(folder: Path) -> bool:
    """Ask the operating system to forget the contents of all files below a folder."""
    if not hasattr(os, "posix_fadvise"):
        return False
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except FileNotFoundError:  # Elasticsearch tidies up after closing
            continue
        except OSError:
            return False
        try:
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)
    return bool(files)
