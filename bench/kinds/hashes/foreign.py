"""An index of another program's hashes: in all else what layout ``vector_sign_flat`` is.

A hash takes the place of a signature: its bits, packed, as ``int8[bytes]``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bench.index.variant import Variant
from bench.peers.hashes import Hash
from bench.search.exact.bits import nearness, words_of
from imgsig import ConfigError, WordScheme
from imgsig.codecs import Codec
from imgsig.index import Identity
from imgsig.layouts import Layout, Vector, get_layout
from imgsig.layouts.matcher import Scorer

#: The layout of our own signs.
OWN = "vector_sign_flat"
_LAYOUT = get_layout(OWN)


@dataclass(frozen=True)
class HashBits(Vector):
    """So many `bits`, given as they are; a score is the number of equal ones, plus 1."""

    element: Literal["byte", "bit"] = "bit"
    index: Literal["flat", "hnsw"] = "flat"
    bits: int = 8

    def check(self, scheme: WordScheme, codec: Codec) -> None:
        """Refuse bits that are no whole bytes, of which vectors of bits consist."""
        if self.bits % 8:
            raise ConfigError(f"{self.bits} bits are no whole bytes; fill the hash up with zeros")

    def fields(
        self, scheme: WordScheme, signatures: NDArray[np.int8], words: NDArray[np.int64]
    ) -> list[dict[str, Any]]:
        """The hash in hexadecimal digits."""
        return [{self.name: row.tobytes().hex()} for row in signatures]

    def query(
        self, scheme: WordScheme, signature: NDArray[np.int8], size: int, least: int | None
    ) -> dict[str, Any]:
        """The nearest `size` hashes."""
        vector = signature.tobytes().hex()
        return {"knn": {"field": self.name, "query_vector": vector, "k": size}}

    def _bits(self, scheme: WordScheme) -> int:
        return self.bits

    def scorer(self, scheme: WordScheme, signatures: NDArray[np.int8]) -> Scorer:
        """How many bits are equal, plus 1."""
        documents = words_of(signatures.view(np.uint8))

        def scores(signature: NDArray[np.int8]) -> NDArray[np.int64]:
            query = words_of(signature[np.newaxis].view(np.uint8))
            return next(nearness(documents, query, self.bits))

        return scores

    def largest_score(self, scheme: WordScheme) -> int:
        """Of equal hashes."""
        return self.bits + 1


class HashLayout(Layout):
    """The layout of an index of hashes; no signature is stored and there are no words."""

    def documents(
        self, scheme: WordScheme, codec: Codec, paths: Sequence[str], signatures: NDArray[np.int8]
    ) -> list[dict[str, Any]]:
        """What is sent for each picture: its path and its hash."""
        searched = self.matcher.fields(scheme, signatures, np.empty((0, 0), dtype=np.int64))
        return [{self.path_name: path, **own} for path, own in zip(paths, searched, strict=True)]


@dataclass(frozen=True)
class HashVariant(Variant):
    """A variant whose index holds hashes of so many `bits`; `made_by` says which."""

    made_by: str = ""
    bits: int = 8

    @classmethod
    def of(cls, one: Hash) -> "HashVariant":
        """The index of a hash."""
        name = f"hash-{one.name.lower().replace(' ', '-')}"
        return cls(63, 16, {"id": "none"}, OWN, name=name, made_by=one.name, bits=one.bits)

    @cached_property
    def identity(self) -> Identity:
        """That of our own signs, but of a layout that no release opens as one of signatures."""
        same = {one.name: getattr(_LAYOUT, one.name) for one in fields(_LAYOUT)}
        changed = {"layout_id": f"hash_{self.bits}_bits", "matcher": HashBits(bits=self.bits)}
        return replace(super().identity, layout=HashLayout(**same | changed))

    def canonical(self) -> dict[str, Any]:
        """The canonical form, JSON-ready."""
        return {"hash": self.made_by, "bits": self.bits, "layout": self.layout}
