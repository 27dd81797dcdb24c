"""A vector and words in one index: the vector ranks, and words can narrow what is ranked."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.base import Codec
from imgsig.layouts.vector import Vector
from imgsig.layouts.words import OneField
from imgsig.words import WordScheme

_WORDS = OneField("keyword")


@dataclass(frozen=True)
class NarrowedVector(Vector):
    """A vector as `Vector` has it, beside the words of `words`.

    Scores are the vector's. Where a least number of words is asked for, only documents that share
    so many with the query are compared, in one request.

    Notes
    -----
    https://www.elastic.co/docs/solutions/search/vector/knn/filtered-knn-search
    """

    words: OneField = _WORDS

    @property
    def takes_least(self) -> bool:
        """As filter of the vectors."""
        return True

    @property
    def patterns(self) -> tuple[str, ...]:
        """Both fields."""
        return self.pattern, self.words.pattern

    def check(self, scheme: WordScheme, codec: Codec) -> None:
        """Refuse what either cannot hold."""
        super().check(scheme, codec)
        self.words.check(scheme, codec)

    def properties(self, scheme: WordScheme) -> dict[str, Any]:
        """Both fields."""
        return super().properties(scheme) | self.words.properties(scheme)

    def fields(
        self, scheme: WordScheme, signatures: NDArray[np.int8], words: NDArray[np.int64]
    ) -> list[dict[str, Any]]:
        """Both fields."""
        vectors = super().fields(scheme, signatures, words)
        of_words = self.words.fields(scheme, signatures, words)
        return [vector | own for vector, own in zip(vectors, of_words, strict=True)]

    def query(
        self, scheme: WordScheme, signature: NDArray[np.int8], size: int, least: int | None
    ) -> dict[str, Any]:
        """The nearest vectors, of documents that share `least` words if that is asked for."""
        query = super().query(scheme, signature, size, least)
        if least is not None:
            query["knn"]["filter"] = self.words.query(scheme, signature, size, least)
        return query
