"""Where an index keeps the stored signature, and how a search gets it back."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from imgsig.codecs.base import Codec
from imgsig.errors import ConfigError

Place = Literal["dynamic", "index_false", "source", "stored", "doc_values"]


@dataclass(frozen=True)
class SignaturePlace:
    """A field for the signature.

    https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/binary

    Parameters
    ----------
    place : {"dynamic", "index_false", "source", "stored", "doc_values"}
        ``dynamic``: in ``_source``, and mapped as Elasticsearch chooses: every number of an array
        is indexed, a text is analysed. ``index_false``: in ``_source``, and told not to be indexed,
        which leaves its doc values. ``source``: in ``_source`` alone. ``stored``: a stored field.
        ``doc_values``: a column. The last two are ``binary`` fields for codecs of bytes and
        ``keyword`` fields for codecs of text; they hold no arrays.
    name : str
        Of the field.
    """

    place: Place = "dynamic"
    name: str = "signature"

    #: Places that need ``_source``.
    IN_SOURCE: ClassVar[tuple[Place, ...]] = ("dynamic", "index_false", "source")

    @property
    def in_source(self) -> bool:
        """Whether it is read from ``_source``."""
        return self.place in self.IN_SOURCE

    def check(self, codec: Codec) -> None:
        """Refuse arrays where a field holds one value, with a `ConfigError`."""
        if not self.in_source and codec.stored_type is list:
            raise ConfigError(
                f"codec {codec.codec_id!r} stores an array of integers, which this layout has no "
                f"place for (it keeps signatures as {self._of_place}); choose a codec of bytes or "
                "of text, or a layout with the signature in _source"
            )

    @property
    def _of_place(self) -> str:
        return {"stored": "a stored field", "doc_values": "doc values"}[self.place]

    def properties(self, codec: Codec) -> dict[str, Any]:
        """Mapping by the field's name; nothing where it is dynamic or there is no signature."""
        if self.place == "dynamic" or codec.stored_type is type(None):
            return {}
        if self.in_source:
            kind = "byte" if codec.stored_type is list else "keyword"
            field: dict[str, Any] = {"type": kind, "index": False}
            if self.place == "source":
                field["doc_values"] = False
        elif codec.stored_type is bytes:
            field = {"type": "binary"}
            field |= {"store": True} if self.place == "stored" else {"doc_values": True}
        else:
            field = {"type": "keyword", "index": False}
            field |= {"store": True, "doc_values": False} if self.place == "stored" else {}
        return {self.name: field}

    def field(self, codec: Codec, stored: Any) -> dict[str, Any]:
        """Value by the field's name, JSON-ready, of the codec's stored form; nothing for None."""
        if stored is None:
            return {}
        value = codec.to_json(stored)
        # A binary field is the one place where Elasticsearch insists on padding.
        if codec.stored_type is bytes and not self.in_source:
            value = f"{value}{'=' * (-len(str(value)) % 4)}"
        return {self.name: value}

    def fetch(self) -> dict[str, Any]:
        """Keyword arguments of the client's ``search`` that return it."""
        if self.in_source:
            return {"source": [self.name]}
        parts = {"stored": "stored_fields", "doc_values": "docvalue_fields"}
        return {"source": False, parts[self.place]: [self.name]}

    def stored_form(self, codec: Codec, hit: dict[str, Any]) -> Any:
        """The stored form in a hit of a search that fetched it, for the codec to decode.

        `CodecError` if it is none of the codec's.
        """
        if self.in_source:
            return codec.from_json(hit["_source"][self.name])
        (value,) = hit["fields"][self.name]
        return codec.from_json(value)
