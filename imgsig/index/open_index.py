"""What an open index is, however its client is called."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.index import operations
from imgsig.index.identity import Identity
from imgsig.index.opening import Place
from imgsig.index.ports import Port
from imgsig.index.searching import narrowed


class OpenIndex:
    """What `ImageIndex` and `AsyncImageIndex` share: all that needs no engine."""

    def __init__(self, port: Port, place: Place) -> None:
        self._port, self._place = port, place

    @property
    def name(self) -> str:
        """What it was created or opened by."""
        return self._place.name

    @property
    def identity(self) -> Identity:
        """Layout, words, codec and signature config."""
        return self._place.identity

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        """Mapping of each declared field by its name."""
        return dict(self._place.fields.declared)

    def document(
        self,
        signature: NDArray[np.int8],
        *,
        path: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """What is written for a signature: a plain dict, for one's own client."""
        return operations.document(self._place, signature, path, metadata)

    def query(
        self,
        signature: NDArray[np.int8],
        *,
        size: int = 10,
        min_score: int | None = None,
        filter: Mapping[str, Any] | None = None,  # noqa: A002 - the engine's word
    ) -> dict[str, Any]:
        """The query clause for a signature: a plain dict, for one's own client."""
        identity = self.identity
        least = min_score if identity.layout.matcher.counts_words else None
        clause = identity.layout.matcher.query(identity.words, signature, size, least)
        return narrowed(clause, filter) if filter else clause
