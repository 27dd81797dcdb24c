"""Compare indices by name, whoever built them. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from elasticsearch import Elasticsearch

from bench.storage import IndexSize, lease_is_held, read_size


@dataclass(frozen=True)
class Compared:
    """An index's size, and what stands in the way of comparing it fairly."""

    index: str
    size: IndexSize
    warnings: tuple[str, ...]


def compare_indices(client: Elasticsearch, indices: Sequence[str]) -> list[Compared]:
    """Read the size of each index and say where the comparison is unfair.

    Parameters
    ----------
    client : Elasticsearch
        The cluster's client.
    indices : sequence of str
        Index names.

    Returns
    -------
    list of Compared
        In the order given.

    Raises
    ------
    IndexStateError
        If an index is missing or red.
    """
    sizes = {index: read_size(client, index) for index in indices}
    most = max(size.documents for size in sizes.values())
    compared = []
    for index, size in sizes.items():
        warnings = []
        if size.documents != most:
            warnings.append(f"{size.documents:,} documents, another has {most:,}")
        if size.documents == 0:
            warnings.append("empty: no bytes a document")
        if size.segments > size.shards:
            warnings.append(f"{size.segments} segments in {size.shards} shards: not merged")
        if size.deleted:
            warnings.append(f"{size.deleted:,} deleted documents still take space")
        if lease_is_held(client, index):
            warnings.append("a retention lease holds history: copies of _source may be counted")
        compared.append(Compared(index, size, tuple(warnings)))
    return compared
