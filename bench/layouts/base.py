"""What a layout is: how a document's words and signature are mapped to fields of an index."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from imgsig import WordScheme
from imgsig.codecs import Codec


class Layout(ABC):
    """Mapping, documents and query of an index.

    A score must be the number of equal words, whatever the layout: that is what makes variants
    comparable, and it is checked on every hit of every run.
    """

    layout_id: ClassVar[str]

    @abstractmethod
    def check(self, scheme: WordScheme, codec: Codec) -> None:
        """Refuse combinations that this layout cannot hold.

        Raises
        ------
        ExperimentError
            With the reason.
        """

    @abstractmethod
    def mappings(self, scheme: WordScheme, codec: Codec) -> dict[str, Any]:
        """The index's ``mappings``, without ``_meta``."""

    @abstractmethod
    def document(self, path: str, words: NDArray[np.int64], stored: Any) -> dict[str, Any]:
        """One document's ``_source``: path, ``int64[N]`` words, stored signature as JSON has it."""

    @abstractmethod
    def query(self, words: NDArray[np.int64], scheme: WordScheme) -> dict[str, Any]:
        """A query whose score is the number of words that match."""

    @abstractmethod
    def stored_signature(self, hit: dict[str, Any]) -> Any:
        """The stored signature of a hit, as JSON has it (`Codec.from_json` takes it)."""

    @property
    @abstractmethod
    def fetched_fields(self) -> list[str]:
        """Fields of ``_source`` that a search must return for ranking by distance."""
