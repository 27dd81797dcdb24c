"""Words in a field each, as image-match has them."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.base import Codec
from imgsig.errors import ConfigError
from imgsig.layouts.matcher import Matcher, Scorer, equal_words, refuse_beyond, should_match
from imgsig.word_scheme import WordScheme

#: Elasticsearch refuses mappings of more fields unless told otherwise
#: (``index.mapping.total_fields.limit``); path and signature take five.
MAX_WORD_FIELDS = 990

#: Values that each type tells apart; texts have no limit.
RANGES = {"integer": 2**31, "long": 2**63}

#: What makes a ``keyword`` score 1 instead of by BM25. Norms and frequencies would not be used.
BOOLEAN_KEYWORD = {"type": "keyword", "similarity": "boolean"}


@dataclass(frozen=True)
class FieldPerWord(Matcher):
    """Fields ``simple_word_0`` …; the score is the number of fields that equal the query's.

    Parameters
    ----------
    kind : {"dynamic", "long", "integer", "keyword"}
        Type of the fields; ``dynamic`` leaves it to Elasticsearch, which takes ``long``.
    doc_values : bool
        Whether the words are also kept by column, which no query needs.
    prefix : str
        Of the fields' names.

    Notes
    -----
    https://www.elastic.co/guide/en/elasticsearch/reference/8.18/dynamic-field-mapping.html
    """

    kind: Literal["dynamic", "long", "integer", "keyword"] = "dynamic"
    doc_values: bool = True
    prefix: str = "simple_word_"

    def check(self, scheme: WordScheme, codec: Codec) -> None:
        """Refuse more words than a mapping has fields, and words too long for the type."""
        if scheme.N > MAX_WORD_FIELDS:
            raise ConfigError(
                f"N = {scheme.N} words need as many fields; this layout has at most "
                f"{MAX_WORD_FIELDS}"
            )
        if self.kind in RANGES:
            refuse_beyond(scheme.base**scheme.k, RANGES[self.kind], f"type {self.kind}", scheme)

    def properties(self, scheme: WordScheme) -> dict[str, Any]:
        """One field a word, unless Elasticsearch is to choose."""
        if self.kind == "dynamic":
            return {}
        field: dict[str, Any] = {"type": self.kind}
        if self.kind == "keyword":
            field = dict(BOOLEAN_KEYWORD)
        if not self.doc_values:
            field["doc_values"] = False
        return {f"{self.prefix}{i}": field for i in range(scheme.N)}

    @property
    def pattern(self) -> str:
        """All fields of words."""
        return f"{self.prefix}*"

    def fields(
        self, scheme: WordScheme, signatures: NDArray[np.int8], words: NDArray[np.int64]
    ) -> list[dict[str, Any]]:
        """One field a word."""
        names = [f"{self.prefix}{i}" for i in range(scheme.N)]
        return [dict(zip(names, self._values(row), strict=True)) for row in words]

    def query(
        self, scheme: WordScheme, signature: NDArray[np.int8], size: int, least: int | None
    ) -> dict[str, Any]:
        """The query of image-match: one ``term`` clause a word, each scoring 1."""
        values = self._values(scheme.words(signature))
        clauses = [{"term": {f"{self.prefix}{i}": value}} for i, value in enumerate(values)]
        return should_match(clauses, least)

    def _values(self, words: NDArray[np.int64]) -> list[Any]:
        values = words.tolist()
        return [str(value) for value in values] if self.kind == "keyword" else values

    def scorer(self, scheme: WordScheme, signatures: NDArray[np.int8]) -> Scorer:
        """Number of equal words."""
        return equal_words(scheme, signatures)

    def largest_score(self, scheme: WordScheme) -> int:
        """All words."""
        return scheme.N
