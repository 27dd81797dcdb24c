"""Records in an index of one of this library's layouts, as `imgsig-bench migrate` makes them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from imgsig.compat.records import METADATA, PATH, SIGNATURE, TIMESTAMP
from imgsig.errors import ConfigError, EngineError, OtherIndexError
from imgsig.index import ImageIndex, Match
from imgsig.index.orientations import AS_IS
from imgsig.index.writing import Signed


class MigratedIndex:
    """An index that describes itself, by image-match's records.

    Metadata are in the field ``metadata`` where the index declares one, else in the fields that it
    declares by their names, but for the field ``timestamp``, which is the record's own.
    """

    def __init__(self, client: Any, name: str, layout: str) -> None:
        self.index = ImageIndex.open(client, name)
        identity = self.index.identity
        if identity.layout.layout_id != layout:
            raise OtherIndexError(
                f"index {name!r} has the layout {identity.layout.layout_id!r}, not {layout!r}; "
                "give layout= as it is"
            )
        if not identity.stores_signature:
            raise ConfigError(
                f"index {name!r} stores no signatures (its codec is 'none'), so nothing has a "
                "distance; search it with imgsig.index.ImageIndex, by score"
            )
        self._one_field = METADATA in self.index.fields

    def insert(self, record: Mapping[str, Any], refresh: bool | str) -> None:
        """Add a record under a new id."""
        metadata = record.get(METADATA)
        if metadata is not None and self._one_field:
            metadata = {METADATA: metadata}
        if TIMESTAMP in self.index.fields and TIMESTAMP in record:
            metadata = {TIMESTAMP: record[TIMESTAMP], **(metadata or {})}
        signature = np.array(record[SIGNATURE], dtype=np.int8)
        added = self.index.add_signatures(
            [Signed(record[PATH], signature, None, metadata)], refresh=refresh
        )
        for one in added:
            if not one.is_ok:
                raise EngineError(f"{one.path} was not added: {one.reason}")

    def search(
        self, record: Mapping[str, Any], size: int, timeout: str, pre_filter: Any
    ) -> list[dict[str, Any]]:
        """What has words of a record in common with it, the most first, at whatever distance."""
        del timeout  # an answer of some shards only is refused
        signature = np.array(record[SIGNATURE], dtype=np.int8)
        matches = self.index.search_signatures(
            {AS_IS: signature}, size=size, candidates=size, rank="distance", filter=pre_filter
        )
        return [
            {
                "id": match.id,
                "score": float(match.score),
                "metadata": self._metadata_of(match),
                "path": match.path,
                "dist": match.distance,
            }
            for match in matches
        ]

    def _metadata_of(self, match: Match) -> Any:
        if self._one_field:
            return match.metadata.get(METADATA)
        return {name: value for name, value in match.metadata.items() if name != TIMESTAMP} or None

    def delete_duplicates(self, path: str) -> None:
        """Delete all documents of a path but the first."""
        self.index.delete_duplicates(path)
