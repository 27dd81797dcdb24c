"""All words in one field of many values, with or without their position."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.base import Codec
from imgsig.layouts.field_per_word import BOOLEAN_KEYWORD, RANGES
from imgsig.layouts.matcher import Matcher, Scorer, equal_words, refuse_beyond, should_match
from imgsig.word_scheme import WordScheme

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

    Parameters
    ----------
    kind : {"long", "integer", "keyword"}
        Type of the field.
    tagged : bool
        Whether words are told apart by position.
    doc_values : bool
        Whether the words are also kept by column, which no query needs.
    name : str
        Of the field.
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
        field: dict[str, Any] = {"type": self.kind}
        if self.kind == "keyword":
            field = dict(BOOLEAN_KEYWORD)
        if not self.doc_values:
            field["doc_values"] = False
        return {self.name: field}

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

    Parameters
    ----------
    numbers : ndarray
        ``int64[m, n]``, 0 to `values` − 1.
    values : int
        How many numbers there are.

    Returns
    -------
    list of list of str
        m rows of n; they sort as the numbers do.

    Examples
    --------
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

    Parameters
    ----------
    scheme : WordScheme
        Which words.
    signatures : ndarray
        ``int8[m, length]`` of the documents.

    Returns
    -------
    callable
        See `imgsig.layouts.matcher.Scorer`.
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
