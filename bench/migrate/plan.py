"""A migration as it is planned: from what, to what, and how; nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.index.variant import Variant
from bench.migrate.detect import Detected
from bench.migrate.fields import Fields
from bench.migrate.place import TOP
from bench.migrate.source import Source
from bench.runs.canonical import short_hash
from imgsig.layouts import Layout, get_layout

#: Settings while documents are loaded: no refreshes by the clock.
LOADING = {"refresh_interval": "-1"}


@dataclass(frozen=True)
class Plan:
    """What determines a migration.

    Parameters
    ----------
    source : Source
        The index to read.
    detected : Detected
        How its signatures are stored, and which words it has.
    variant : Variant
        What to build, with its name.
    fields : Fields
        What is passed on beside signature, words and path.
    copy_words : bool
        Whether words are copied instead of computed from the signatures.
    shards, replicas : int
        Of the new index.
    """

    source: Source
    detected: Detected
    variant: Variant
    fields: Fields
    copy_words: bool
    shards: int
    replicas: int

    @property
    def index(self) -> str:
        """Name of the new index."""
        return self.variant.index_name

    @property
    def layout(self) -> Layout:
        """Layout of the new index."""
        return get_layout(self.variant.layout)

    def identity(self) -> dict[str, Any]:
        """What two migrations have in common if one can go on with the other, JSON-ready."""
        return {
            "source": self.source.index,
            "source_uuid": self.source.uuid,
            "only": dict(self.source.only) or None,
            # Nothing for the top: that is what marks of earlier releases have.
            "prefixes": None if self.source.prefixes == TOP else list(self.source.prefixes),
            "codec": self.detected.codec.get_config() if self.detected.codec else None,
            "words": {
                "from": "copied" if self.copy_words else "signature",
                **self.detected.scheme.get_config(),
            },
            "variant": self.variant.canonical(),
            "fields": self.fields.to_json(),
        }

    @property
    def key(self) -> str:
        """Short hash of the identity."""
        return short_hash(self.identity())

    def mappings(self) -> dict[str, Any]:
        """Mapping of the new index, the kept fields in it, without ``_meta``."""
        layout = self.layout
        mappings = layout.mappings(self.variant.scheme, self.variant.get_codec())
        kept = self.fields.properties(layout, self.source.properties)
        properties = {**mappings.get("properties", {}), **kept}
        return {**mappings, **({"properties": properties} if properties else {})}

    def settings(self) -> dict[str, Any]:
        """Settings of the new index."""
        return {
            "number_of_shards": self.shards,
            "number_of_replicas": self.replicas,
            **self.layout.settings(),
        }

    def request(self) -> Mapping[str, Any]:
        """Body of the request that creates the new index."""
        return {"settings": {"index": self.settings()}, "mappings": self.mappings()}
