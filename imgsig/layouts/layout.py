"""What a layout is: how documents become the fields of an index, and what is kept of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.base import Codec
from imgsig.errors import ConfigError
from imgsig.layouts.matcher import Matcher
from imgsig.layouts.signature_place import SignaturePlace
from imgsig.words import WordScheme

#: What a search returns of each hit: the signature, the path, only the id, all of ``_source``, or
#: the words.
Fetch = Literal["signature", "path", "id", "source", "words"]

PathPlace = Literal["dynamic", "keyword", "doc_values", "source"]
_DYNAMIC_SIGNATURE = SignaturePlace()
_PATHS: dict[PathPlace, dict[str, Any]] = {
    # What Elasticsearch chooses for a text.
    "dynamic": {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}},
    "keyword": {"type": "keyword"},
    "doc_values": {"type": "keyword", "index": False},
    "source": {"type": "keyword", "index": False, "doc_values": False},
}


@dataclass(frozen=True)
class Layout:
    """Mapping, settings, documents and searches of an index.

    Methods take `scheme`, which words a picture has, and `codec`, how signatures are stored.

    Parameters
    ----------
    layout_id : str
        Its name in a config: part of a variant's identity.
    summary : str
        What it is, in one line.
    matcher : Matcher
        What of a picture is searched.
    signature : SignaturePlace
        Where the stored signature is kept.
    path : {"dynamic", "keyword", "doc_values", "source"}
        Where the path is kept: as ``text`` and ``keyword``, as Elasticsearch chooses; as a
        ``keyword`` that can be searched; as a column; in ``_source`` alone.
    path_name : str
        Name of that field.
    source : {"full", "filtered", "disabled", "synthetic"}
        ``_source``: the whole document; without what is searched, and without the signature where
        that is kept elsewhere; nothing; or made anew from doc values when it is asked for. See
        `keeps_source`.
        ``synthetic`` needs a subscription since 8.17, which the embedded engine does not check, and
        keeps a copy of every field that has no doc values.
    index_codec : {"default", "best_compression"}
        Compression of stored fields: LZ4, or Zstandard.
    sort : str
        Order of the documents in the index: by this field, or as they come.

    Raises
    ------
    ConfigError
        If the parts do not go together.

    Notes
    -----
    https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/mapping-source-field
    https://www.elastic.co/docs/reference/elasticsearch/index-settings/index-modules
    """

    layout_id: str
    summary: str
    matcher: Matcher
    signature: SignaturePlace = _DYNAMIC_SIGNATURE
    path: PathPlace = "dynamic"
    path_name: str = "path"
    source: Literal["full", "filtered", "disabled", "synthetic"] = "full"
    index_codec: Literal["default", "best_compression"] = "default"
    sort: Literal["", "path"] = ""

    def __post_init__(self) -> None:
        from_source = {
            "the signature": self.signature.in_source,
            "the path": self.path in ("dynamic", "source"),
        }
        for what, needed in from_source.items():
            if needed and self.source in ("disabled", "synthetic"):
                raise ConfigError(
                    f"layout {self.layout_id!r}: {what} is kept in _source, which is {self.source};"
                    " keep it in doc values or a stored field"
                )
        if self.sort and self.path not in ("keyword", "doc_values"):
            raise ConfigError(
                f"layout {self.layout_id!r}: an index is sorted by doc values, which the path does "
                "not have; keep the path in doc values"
            )

    def check(self, scheme: WordScheme, codec: Codec) -> None:
        """Refuse words and codecs that this layout cannot hold, with a `ConfigError`."""
        self.matcher.check(scheme, codec)
        self.signature.check(codec)

    def owns(self, name: str) -> bool:
        """Whether a field of this name is the layout's: path, signature, or what is searched."""
        own = (self.path_name, self.signature.name)
        return name in own or any(fnmatchcase(name, one) for one in self.matcher.patterns)

    def largest_score(self, scheme: WordScheme) -> int:
        """Score of a picture that equals the query: N for words, more for vectors."""
        return self.matcher.largest_score(scheme)

    def mappings(self, scheme: WordScheme, codec: Codec) -> dict[str, Any]:
        """The index's ``mappings``, JSON-ready; empty where Elasticsearch chooses everything.

        They are without ``_meta``.
        """
        properties: dict[str, Any] = {}
        if self.path != "dynamic":
            properties[self.path_name] = self.path_mapping
        searched = self.matcher.properties(scheme)
        properties |= self.signature.properties(codec) | searched
        mappings: dict[str, Any] = {}
        if self.source == "disabled":
            mappings["_source"] = {"enabled": False}
        elif self.source == "filtered":
            elsewhere = [] if self.signature.in_source else [self.signature.name]
            mappings["_source"] = {"excludes": [*self.matcher.patterns, *elsewhere]}
        if searched and "dynamic" not in (self.path, self.signature.place):
            mappings["dynamic"] = "strict"  # a field that was forgotten is an error, not a guess
        if properties:
            mappings["properties"] = properties
        return mappings

    def settings(self) -> dict[str, Any]:
        """The settings of the layout: what goes into ``settings.index``, JSON-ready."""
        settings: dict[str, Any] = {}
        if self.source == "synthetic":
            settings["mapping.source.mode"] = "synthetic"
        if self.index_codec != "default":
            settings["codec"] = self.index_codec
        if self.sort:
            # Descending: a sorted index whose order is that of indexing would show nothing.
            settings |= {"sort.field": self.path_name, "sort.order": "desc"}
        return settings

    @property
    def needs(self) -> frozenset[str]:
        """What an engine must be able to do for it, besides what all engines do.

        Of ``knn`` and ``bit_vectors`` (``dense_vector`` fields of bytes, of bits) and
        ``synthetic_source``.
        """
        synthetic = {"synthetic_source"} if self.source == "synthetic" else set()
        return self.matcher.needs | synthetic

    @property
    def keeps_source(self) -> bool:
        """Whether Elasticsearch can reindex the index, and update parts of its documents.

        A ``_source`` that is made anew holds all that was sent.
        """
        return self.source in ("full", "synthetic")

    @property
    def path_mapping(self) -> dict[str, Any]:
        """Mapping of the path, as it is sent or as Elasticsearch chooses it."""
        return dict(_PATHS[self.path])

    @property
    def path_found(self) -> str:
        """How a document is found by its path, in words."""
        return {
            "dynamic": f"by words of it, and by its whole value in {self.path_name}.keyword",
            "keyword": f"by its whole value in {self.path_name}, not by words of it",
            "doc_values": f"by its whole value in {self.path_name}, not by words of it, and "
            "slowly, as it has no index",
            "source": "not at all: it can be fetched, not searched, filtered or sorted by",
        }[self.path]

    def documents(
        self, scheme: WordScheme, codec: Codec, paths: Sequence[str], signatures: NDArray[np.int8]
    ) -> list[dict[str, Any]]:
        """What is sent for each picture: path, signature and what is searched, in this order.

        Parameters
        ----------
        paths : sequence of str
            m paths.
        signatures : ndarray
            ``int8[m, length]``.

        Returns
        -------
        list of dict
            m documents, JSON-ready.
        """
        searched = self.matcher.fields(scheme, signatures, scheme.words(signatures))
        stored = codec.encode_batch(signatures)
        return [
            {self.path_name: path, **self.signature.field(codec, form), **fields}
            for path, form, fields in zip(paths, stored, searched, strict=True)
        ]

    def fetch(self, what: Fetch) -> dict[str, Any]:
        """Parts of a search request that say what hits return, as the client names them.

        Parameters
        ----------
        what : {"signature", "path", "id", "source", "words"}
            What each hit returns: the signature, the path, only the id, all of ``_source``, or the
            words, see `returns_words`.

        Returns
        -------
        dict
            Keyword arguments of the client's ``search``.

        Raises
        ------
        ConfigError
            If all of ``_source``, or the words, are asked for where there are none.
        """
        if what == "words":
            if not self.returns_words:
                raise ConfigError(f"layout {self.layout_id!r} does not give back its words")
            words = [self.matcher.pattern]
            in_source = self.source == "full"
            return {"source": words} if in_source else {"source": False, "docvalue_fields": words}
        if what == "signature":
            return self.signature.fetch()
        if what == "path" and self.path in ("dynamic", "source"):
            return {"source": [self.path_name]}
        if what == "path":
            return {"source": False, "docvalue_fields": [self.path_name]}
        if what == "source" and self.source == "disabled":
            raise ConfigError(f"layout {self.layout_id!r} keeps no _source to fetch")
        return {"source": what == "source"}

    def stored_path(self, hit: dict[str, Any]) -> str:
        """The path in a hit, one of ``hits.hits``, of a search that fetched it."""
        if self.path in ("dynamic", "source"):
            return str(hit["_source"][self.path_name])
        return str(hit["fields"][self.path_name][0])

    @property
    def returns_words(self) -> bool:
        """Whether hits can give back the words of a document, each at its position."""
        return self.matcher.counts_words and (self.source == "full" or self.matcher.in_columns)

    def stored_words(self, scheme: WordScheme, hit: dict[str, Any]) -> NDArray[np.int64]:
        """The words, ``int64[N]``, in a hit of a search that fetched them."""
        return self.matcher.words_in(scheme, hit["_source" if self.source == "full" else "fields"])
