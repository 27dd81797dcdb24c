"""What an open index is, however its client is called."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.errors import ConfigError
from imgsig.index import operations
from imgsig.index.cutoffs import Cutoff, measured_cutoff
from imgsig.index.identity import Identity
from imgsig.index.opening import Place
from imgsig.index.ports import Port
from imgsig.index.searching import Ranking, narrowed


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
        identity, matcher = self.identity, self.identity.layout.matcher
        Ranking(size=size, min_score=min_score).checked(identity)
        if min_score is not None and not matcher.counts_words:
            raise ConfigError(
                f"a query of layout {identity.layout.layout_id!r} has no place for min_score; "
                "leave it out, and drop what scores less from the answer"
            )
        clause = matcher.query(identity.words, signature, size, min_score)
        return narrowed(clause, filter) if filter else clause

    def cutoff(
        self,
        precision: float,
        *,
        rank: str = "margin",
        background: str | int = "gap",
        documents: int | None = None,
    ) -> Cutoff:
        """From which value on a hit is a match, as measured on an index like this one.

        Parameters
        ----------
        precision : float
            Of the hits that are kept, the share that shall be right: 0.9 or 0.99.
        rank, background
            As `ImageIndex.search` takes them.
        documents : int, optional
            Number of pictures that are searched. By default, and beyond it, the largest number that
            was measured: there the precision is lower than is said.

        Returns
        -------
        Cutoff
            With what it reached, and how sure that is. Your pictures are not those it was measured
            on: try it on some of which you know what is right.

        Raises
        ------
        ConfigError
            If it was not measured; the message says what was.

        Examples
        --------
        >>> kept = index.cutoff(0.99, background=3)              # doctest: +SKIP
        >>> index.search("b.jpg", **kept.arguments)              # doctest: +SKIP
        """
        return measured_cutoff(self.identity, precision, rank, background, documents)
