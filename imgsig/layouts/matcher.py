"""What a matcher is: what of a picture is indexed to be found by, and what a score then means."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.base import Codec
from imgsig.errors import ConfigError, ScoreError
from imgsig.words import WordScheme

#: From one query's signature, ``int8[length]``, to the score of every document, ``int64[m]``.
Scorer = Callable[[NDArray[np.int8]], NDArray[np.int64]]


class Matcher(ABC):
    """The searched fields of an index, the query for them, and the scores to expect.

    Methods take `scheme`, which words a picture has, and `codec`, how signatures are stored.

    Scores are whole numbers, higher is better, 1 to `largest_score`; a document that scores 0 is no
    hit.
    """

    #: Whether a score is a number of words, of which a least number can be asked for.
    counts_words: ClassVar[bool] = True

    @property
    def takes_least(self) -> bool:
        """Whether a least number of words can be asked for, be they scored or not."""
        return self.counts_words

    @property
    def knows_positions(self) -> bool:
        """Whether a score is a number of words that are equal at their positions."""
        return self.counts_words

    @property
    def needs(self) -> frozenset[str]:
        """What an engine must be able to do besides what all do; see `Layout.needs`."""
        return frozenset()

    @property
    def exact(self) -> bool:
        """Whether the engine finds the best documents for certain."""
        return True

    @abstractmethod
    def check(self, scheme: WordScheme, codec: Codec) -> None:
        """Refuse what the fields cannot hold, with a `ConfigError` that says why."""

    @abstractmethod
    def properties(self, scheme: WordScheme) -> dict[str, Any]:
        """Mapping of each field by its name, JSON-ready; what is left out is mapped dynamically."""

    @property
    @abstractmethod
    def pattern(self) -> str:
        """Pattern that the names of the fields match, for ``_source.excludes``."""

    @property
    def patterns(self) -> tuple[str, ...]:
        """All such patterns, where fields of several kinds are searched."""
        return (self.pattern,)

    @abstractmethod
    def fields(
        self, scheme: WordScheme, signatures: NDArray[np.int8], words: NDArray[np.int64]
    ) -> list[dict[str, Any]]:
        """Fields of each of m documents, JSON-ready.

        Signatures are ``int8[m, length]``, and their words ``int64[m, N]``.
        """

    @property
    def in_columns(self) -> bool:
        """Whether the fields have doc values that give back which words a document has."""
        return False

    def words_in(self, scheme: WordScheme, values: Mapping[str, Any]) -> NDArray[np.int64]:
        """Words ``int64[N]`` of a document, of the values of its fields by their names.

        `ConfigError` where the fields do not tell them.
        """
        raise ConfigError(f"{type(self).__name__} does not tell which words a document has")

    @abstractmethod
    def query(
        self, scheme: WordScheme, signature: NDArray[np.int8], size: int, least: int | None
    ) -> dict[str, Any]:
        """Query for one signature: what a search takes as its ``query``, JSON-ready.

        Parameters
        ----------
        signature : ndarray
            ``int8[length]``.
        size : int
            How many hits are asked for.
        least : int or None
            How many words must match, if that is asked for; see `takes_least`.
        """

    @abstractmethod
    def scorer(self, scheme: WordScheme, signatures: NDArray[np.int8]) -> Scorer:
        """Scores of documents with signatures ``int8[m, length]``, computed without the engine.

        Gives a function from one query's signature, ``int8[length]``, to ``int64[m]``.
        """

    @abstractmethod
    def largest_score(self, scheme: WordScheme) -> int:
        """Score of a picture that equals the query."""

    def whole_scores(self, scheme: WordScheme, scores: NDArray[np.float64]) -> NDArray[np.int64]:
        """Scores as whole numbers: ``float64[m]``, as a search returns them, to ``int64[m]``.

        `ScoreError` if they are none.
        """
        whole: NDArray[np.int64] = np.rint(scores).astype(np.int64)
        if (scores != whole).any():
            raise ScoreError(
                f"scores that are no word counts: {scores[scores != whole][0]}; the words are "
                "mapped to a type that does not score 1 each"
            )
        return whole
