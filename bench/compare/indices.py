"""Read the sizes of indices, and say where comparing them is unfair. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import NotFoundError

from bench.engine.client import Client, whole
from bench.index.storage import (
    GHOST,
    IndexSize,
    count_documents,
    field_bytes,
    ghost_of,
    lease_is_held,
    no_such_index,
    read_size,
    restriction,
)

#: The largest share of operations that an analysis may miss and still stand for the index.
UNSEEN_AT_MOST = 0.01


@dataclass(frozen=True)
class Compared:
    """The size of an index's primaries, and what stands in the way of a fair comparison.

    `fields` are estimated bytes by field and Lucene structure, None where unknown; `warnings` say
    why the size is not final, or not comparable.
    """

    index: str
    size: IndexSize
    mappings: Mapping[str, Any]
    fields: Mapping[str, Mapping[str, int]] | None
    warnings: tuple[str, ...]

    @property
    def bytes_per_document(self) -> float | None:
        """Store over live documents; None without documents."""
        return self.size.bytes_per_document if self.size.documents else None

    @property
    def ghost_bytes(self) -> int | None:
        """Bytes of copies kept for recovery; None where unknown."""
        return ghost_of(self.fields)

    def of_first(self, first: "Compared") -> float | None:
        """Bytes a document of `first` over this index's."""
        if not self.bytes_per_document or not first.bytes_per_document:
            return None
        return first.bytes_per_document / self.bytes_per_document


def compare_indices(
    client: Client, names: Sequence[str], *, analyze: bool = False
) -> list[Compared]:
    """Read the size of each index and say where the comparison is unfair."""
    named = _indices_of(client, names)
    sizes = {index: read_size(client, index) for index in named}
    most = max(size.documents for size in sizes.values())
    compared = []
    for index, size in sizes.items():
        fields, told = _analysed(client, index, size) if analyze else (None, [])
        mappings = client.indices.get_mapping(index=index)[index]["mappings"]
        found = Compared(index, size, mappings, fields, ())
        warnings = _warnings(found, most, lease_is_held(client, index))
        compared.append(Compared(index, size, mappings, fields, (*named[index], *warnings, *told)))
    return compared


def _indices_of(client: Client, names: Sequence[str]) -> dict[str, list[str]]:
    """The indices that names stand for, each with a warning if the name shows only part of it."""
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        try:
            indices = client.indices.get_alias(index=name, expand_wildcards="open").body
        except NotFoundError as error:
            raise no_such_index(client, name) from error
        if not indices:  # a pattern without a match
            raise no_such_index(client, name)
        for index in sorted(indices):
            told = found.setdefault(index, [])
            if only := restriction(indices[index].get("aliases", {}).get(name, {})):
                seen = count_documents(client, index, only)
                told.append(
                    f"alias {name} shows {seen:,} of its documents; figures are of them all"
                )
    return found


def _analysed(
    client: Client, index: str, size: IndexSize
) -> tuple[Mapping[str, Mapping[str, int]] | None, list[str]]:
    """Bytes by field, None where too much is missing from them, and a warning of what is.

    An engine analyses only what the last flush committed. A flush is a write, so it is left to
    the user.
    """
    stats = client.indices.stats(index=index, metric="translog")
    whole(stats, f"a reading of the translog of {index!r}")
    unseen = int(stats["_all"]["primaries"]["translog"]["uncommitted_operations"])
    if unseen > UNSEEN_AT_MOST * size.documents:
        return None, [
            f"its bytes by field are unknown, copies for recovery among them: {unseen:,} "
            f"operations came after its last flush; send POST /{index}/_flush, then compare again"
        ]
    if (fields := field_bytes(client, index)) is None:
        return None, ["its bytes by field are not told by this engine, which has no _disk_usage"]
    left_out = f"{unseen:,} operations after its last flush are not in the bytes by field"
    return fields, [left_out] if unseen else []


def _warnings(found: Compared, most: int, held: bool | None) -> list[str]:
    size = found.size
    told = {
        f"{size.documents:,} documents, another has {most:,}": size.documents != most,
        "empty: no bytes a document": size.documents == 0,
        f"{size.segments} segments in {size.shards} shards: not merged": (
            size.segments > size.shards
        ),
        f"{size.deleted:,} deleted documents (of Lucene's) still take space": size.deleted > 0,
        f"{size.replicas} replicas: the cluster holds {size.replicas + 1} times these bytes, "
        "which are the primaries'": size.replicas > 0,
        "a retention lease holds history: copies of _source may be counted": held is True,
        "this engine tells no retention leases: copies of _source may be counted": held is None,
    }
    if found.ghost_bytes and size.documents:
        told[
            f"{found.ghost_bytes / size.documents:,.0f} bytes a document are {GHOST}, copies for "
            "recovery that a later merge drops"
        ] = True
    return [warning for warning, applies in told.items() if applies]
