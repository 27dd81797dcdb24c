"""Matchers of words: in a field each, as image-match has them, or all in one of many values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.base import Codec
from imgsig.errors import ConfigError
from imgsig.layouts.matcher import Matcher, Scorer
from imgsig.words import WordScheme

#: Elasticsearch refuses mappings of more fields unless told otherwise
#: (``index.mapping.total_fields.limit``); path and signature take five.
MAX_WORD_FIELDS = 990

#: Values that each type tells apart; texts have no limit.
RANGES = {"integer": 2**31, "long": 2**63}


def word_field(kind: str, doc_values: bool) -> dict[str, Any]:
    """Mapping of a field of words."""
    field: dict[str, Any] = {"type": kind}
    if kind == "keyword":  # scores 1, instead of by BM25; norms and frequencies would not be used
        field["similarity"] = "boolean"
    return field if doc_values else field | {"doc_values": False}


@dataclass(frozen=True)
class FieldPerWord(Matcher):
    """Fields ``simple_word_0`` …; the score is the number of fields that equal the query's.

    The kind is the type of the fields; ``dynamic`` leaves it to Elasticsearch, which takes
    ``long``. With doc values the words are also kept by column, which no query needs.

    Notes
    -----
    https://www.elastic.co/docs/manage-data/data-store/mapping/dynamic-field-mapping
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
        field = word_field(self.kind, self.doc_values)
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

    @property
    def in_columns(self) -> bool:
        """See `Matcher.in_columns`."""
        return self.doc_values

    def words_in(self, scheme: WordScheme, values: Mapping[str, Any]) -> NDArray[np.int64]:
        """See `Matcher.words_in`."""
        found = (values[f"{self.prefix}{i}"] for i in range(scheme.N))
        return np.array([int(one[0] if isinstance(one, list) else one) for one in found])

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


#: Printable characters in the order of their bytes, so that texts sort as the numbers do.
_DIGITS = "".join(map(chr, range(33, 127)))


@dataclass(frozen=True)
class OneField(Matcher):
    """A field of many values, one a word.

    Tagged with its position, word i is the number ``i · base^k + word``, so that equal words match
    at the same position only: scores are those of a field per word. ``integer`` also uses the
    negative numbers: there 2^31 is taken off. As ``keyword`` the number is written in as many
    printable characters as the largest needs.

    Without its position a word matches wherever it occurs. The score is then the number of the
    query's N words, each of them counted, that the document has at any position: Lucene scores two
    equal clauses as one of weight two, and a value once however often a document has it.
    """

    kind: Literal["long", "integer", "keyword"]
    tagged: bool = True
    doc_values: bool = False
    name: str = "simple_words"

    def check(self, scheme: WordScheme, codec: Codec) -> None:
        """Refuse words that the type cannot tell apart."""
        if self.kind == "integer" and self.tagged:
            refuse_beyond(_values(scheme, self.tagged), 2**32, "type integer", scheme)
        else:  # numbers are written to texts from 64-bit integers
            limit = RANGES.get(self.kind, 2**63)
            refuse_beyond(_values(scheme, self.tagged), limit, f"type {self.kind}", scheme)

    def properties(self, scheme: WordScheme) -> dict[str, Any]:
        """One field."""
        return {self.name: word_field(self.kind, self.doc_values)}

    @property
    def knows_positions(self) -> bool:
        """Only where words are told apart by position."""
        return self.tagged

    @property
    def pattern(self) -> str:
        """The field."""
        return self.name

    def fields(
        self, scheme: WordScheme, signatures: NDArray[np.int8], words: NDArray[np.int64]
    ) -> list[dict[str, Any]]:
        """One field of N values."""
        return [{self.name: row} for row in self._terms(scheme, words)]

    @property
    def in_columns(self) -> bool:
        """See `Matcher.in_columns`: doc values are in order, so only tags tell positions."""
        return self.doc_values and self.tagged and self.kind != "keyword"

    def words_in(self, scheme: WordScheme, values: Mapping[str, Any]) -> NDArray[np.int64]:
        """See `Matcher.words_in`."""
        if not self.tagged or self.kind == "keyword":
            return super().words_in(scheme, values)
        tagged = np.array(values[self.name], dtype=np.int64) + 2**31 * (self.kind == "integer")
        words: NDArray[np.int64] = np.sort(tagged) % scheme.base**scheme.k
        return words

    def query(
        self, scheme: WordScheme, signature: NDArray[np.int8], size: int, least: int | None
    ) -> dict[str, Any]:
        """One ``term`` clause a word, each scoring 1."""
        (terms,) = self._terms(scheme, scheme.words(signature)[np.newaxis])
        return should_match([{"term": {self.name: term}} for term in terms], least)

    def _terms(self, scheme: WordScheme, words: NDArray[np.int64]) -> list[list[Any]]:
        if self.tagged:
            words = words + np.arange(scheme.N, dtype=np.int64) * scheme.base**scheme.k
        if self.kind == "keyword":
            return as_text(words, _values(scheme, self.tagged))
        rows: list[list[Any]] = (words - 2**31 * (self.kind == "integer" and self.tagged)).tolist()
        return rows

    def scorer(self, scheme: WordScheme, signatures: NDArray[np.int8]) -> Scorer:
        """Number of equal words, or of the query's words that occur anywhere."""
        return (equal_words if self.tagged else occurring_words)(scheme, signatures)

    def largest_score(self, scheme: WordScheme) -> int:
        """All words."""
        return scheme.N


def _values(scheme: WordScheme, tagged: bool) -> int:
    """How many different values there are."""
    return int(scheme.base**scheme.k) * (scheme.N if tagged else 1)


def as_text(numbers: NDArray[np.int64], values: int) -> list[list[str]]:
    """Numbers as texts of one length, in as few printable characters as `values` numbers take.

    Of ``int64[m, n]``, 0 to `values` − 1, m rows of n; they sort as the numbers do.

    >>> as_text(np.array([[0, 1, 94 * 94 - 1]]), 94 * 94)
    [['!!', '!"', '~~']]
    """
    digits = np.frombuffer(_DIGITS.encode(), dtype=np.uint8)
    width, largest = 1, len(digits)
    while largest < values:
        width, largest = width + 1, largest * len(digits)
    columns = np.empty((*numbers.shape, width), dtype=np.uint8)
    rest = numbers
    for place in reversed(range(width)):
        rest, digit = np.divmod(rest, len(digits))
        columns[..., place] = digits[digit]
    texts = columns.view(f"S{width}")[..., 0].astype(f"U{width}")
    rows: list[list[str]] = texts.tolist()
    return rows


def occurring_words(scheme: WordScheme, signatures: NDArray[np.int8]) -> Scorer:
    """Number of the query's words, each counted, that a document has at any position.

    The documents' signatures are ``int8[m, length]``.
    """
    words = scheme.words(signatures)
    # The postings: every pair of word and document once, sorted.
    word, document = words.ravel(), np.repeat(np.arange(len(words)), scheme.N)
    order = np.lexsort((document, word))
    word, document = word[order], document[order]
    again = (word[1:] == word[:-1]) & (document[1:] == document[:-1])
    kept = np.concatenate([[True], ~again])
    word, document = word[kept], document[kept]

    def scores(signature: NDArray[np.int8]) -> NDArray[np.int64]:
        counted = np.zeros(len(words), dtype=np.int64)
        asked = scheme.words(signature)
        begins, ends = np.searchsorted(word, asked), np.searchsorted(word, asked, side="right")
        for begin, end in zip(begins, ends, strict=True):
            counted[document[begin:end]] += 1
        return counted

    return scores


def should_match(clauses: list[dict[str, Any]], least: int | None) -> dict[str, Any]:
    """Score 1 for every clause that matches; at least so many must, one where left out.

    Notes
    -----
    https://www.elastic.co/docs/reference/query-languages/query-dsl/query-dsl-bool-query
    """
    query: dict[str, Any] = {"should": clauses}
    if least is not None:
        query["minimum_should_match"] = least
    return {"bool": query}


def equal_words(scheme: WordScheme, signatures: NDArray[np.int8]) -> Scorer:
    """Number of words equal at the same position, for documents ``int8[m, length]``.

    The words of each position are sorted once, so that a query looks at the documents alone that
    share a word with it.
    """
    words = np.ascontiguousarray(scheme.words(signatures).T)
    documents = np.empty(words.shape, dtype=np.int32)
    for column, order in zip(words, documents, strict=True):
        order[:] = np.argsort(column)
        column[:] = column[order]

    def scores(signature: NDArray[np.int8]) -> NDArray[np.int64]:
        counted = np.zeros(len(signatures), dtype=np.int64)
        for asked, column, order in zip(scheme.words(signature), words, documents, strict=True):
            begin, end = column.searchsorted(asked), column.searchsorted(asked, side="right")
            counted[order[begin:end]] += 1
        return counted

    return scores


def refuse_beyond(values: int, limit: int, kind: str, scheme: WordScheme) -> None:
    """Refuse a scheme of more different values than a field type, named `kind`, tells apart."""
    if values > limit:
        raise ConfigError(
            f"N = {scheme.N} words of k = {scheme.k} take {values:,} different values; "
            f"{kind} holds {limit:,}. Shorten k, or choose a layout with a larger type"
        )
