"""Read what indices take and say where comparing them is unfair. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from bench.storage import GHOST, IndexSize, field_bytes, lease_is_held, read_size


@dataclass(frozen=True)
class Compared:
    """An index's size, and what stands in the way of comparing it fairly.

    Parameters
    ----------
    index : str
        Index name.
    size : IndexSize
        Of the primaries.
    mappings : mapping
        Its mapping.
    fields : mapping or None
        Bytes by field and Lucene structure (an estimate), where they were analysed.
    warnings : tuple of str
        Why the figure is not what the index would take in the end, or not comparable.
    """

    index: str
    size: IndexSize
    mappings: Mapping[str, Any]
    fields: Mapping[str, Mapping[str, int]] | None
    warnings: tuple[str, ...]

    @property
    def bytes_per_document(self) -> float | None:
        """Store over live documents; None where there is no document."""
        return self.size.bytes_per_document if self.size.documents else None

    @property
    def ghost_bytes(self) -> int | None:
        """Bytes of copies kept for recovery; None where they were not analysed."""
        return None if self.fields is None else sum(self.fields.get(GHOST, {}).values())

    def of_first(self, first: "Compared") -> float | None:
        """How many times this index's bytes a document the `first` one takes."""
        if not self.bytes_per_document or not first.bytes_per_document:
            return None
        return first.bytes_per_document / self.bytes_per_document


def compare_indices(
    client: Elasticsearch, indices: Sequence[str], *, analyze: bool = False
) -> list[Compared]:
    """Read the size of each index and say where the comparison is unfair.

    Parameters
    ----------
    client : Elasticsearch
        The cluster's client.
    indices : sequence of str
        Index names.
    analyze : bool
        Also estimate the bytes of every field, which reads the whole index.

    Returns
    -------
    list of Compared
        In the order given.

    Raises
    ------
    IndexStateError
        If an index is missing or red.
    """
    sizes = {index: read_size(client, index) for index in dict.fromkeys(indices)}
    most = max(size.documents for size in sizes.values())
    compared = []
    for index, size in sizes.items():
        fields = field_bytes(client, index) if analyze else None
        mappings = client.indices.get_mapping(index=index)[index]["mappings"]
        found = Compared(index, size, mappings, fields, ())
        warnings = _warnings(found, most, lease_is_held(client, index))
        compared.append(Compared(index, size, mappings, fields, tuple(warnings)))
    return compared


def _warnings(found: Compared, most: int, held: bool) -> list[str]:
    size = found.size
    told = {
        f"{size.documents:,} documents, another has {most:,}": size.documents != most,
        "empty: no bytes a document": size.documents == 0,
        f"{size.segments} segments in {size.shards} shards: not merged": (
            size.segments > size.shards
        ),
        f"{size.deleted:,} deleted documents still take space": size.deleted > 0,
        f"{size.replicas} replicas: the cluster holds {size.replicas + 1} times these bytes, "
        "which are the primaries'": size.replicas > 0,
        "a retention lease holds history: copies of _source may be counted": held,
    }
    if found.ghost_bytes and size.documents:
        told[
            f"{found.ghost_bytes / size.documents:,.0f} bytes a document are {GHOST}, copies for "
            "recovery that a later merge drops"
        ] = True
    return [warning for warning, applies in told.items() if applies]
