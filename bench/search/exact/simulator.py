"""What an engine returns for any words, without the engine.

A score is a number of equal words, and hits come by descending score, among equal scores in the
order in which the documents were indexed. Both are exact integers, so they can be computed; that
the engine agrees is checked hit for hit by `bench.kinds.sweep.measure`.

Each word has a postings list: the documents sorted by it. A query's word is looked up once, and the
documents of its range are counted. Words of the same place, length, alphabet and strip are the same
whatever the word count, so their lists are kept from one scheme to the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.search.exact import kernels
from bench.search.exact.kernels import Int8s, Int32s, Int64s
from imgsig import WordScheme

#: Points in a leaf, ``BKDConfig.DEFAULT_MAX_POINTS_IN_LEAF_NODE``.
LEAF = 512
#: Documents whose words are computed at a time; bounds the memory.
_CHUNK = 4096


def leaf_bytes(words: Int64s, documents: Int64s) -> int:
    """Bytes that the leaves of a block tree take for one word of all documents.

    A leaf holds up to 512 words in ascending order. Of each it keeps the document, in two bytes
    where the leaf's documents are less than 2^16 apart, else in three or four, or a bit for each
    document between the first and the last where all its words are equal; and what is behind the
    leaf's common prefix, the first byte of it once a run, or each different word once if that is
    less. Words, ``int64[n]``, are ascending, and so are document numbers among equal words.

    Rules: `BKDWriter` and `DocIdsWriter` of Lucene 9.12,
    https://github.com/apache/lucene/tree/branch_9_12/lucene/core/src/java/org/apache/lucene/util/bkd
    """
    return int(kernels.leaf_bytes(words, documents, LEAF))


@dataclass(frozen=True)
class SimulatedHits:
    """Hits of all queries, query by query, best first: columns of one length."""

    query: Int64s
    rank: Int32s
    doc: Int64s
    score: Int32s
    #: How many query–document pairs have each score 0 … N, those that are no hits included.
    histogram: Int64s

    def __len__(self) -> int:
        return len(self.query)


@dataclass(frozen=True)
class _Column:
    """One word of all documents: documents sorted by it, and the range of each query's word."""

    documents: Int32s
    begin: Int32s
    end: Int32s
    leaf_bytes: int


class Simulator:
    """Searches a database of signatures, ``int8[n, length]``, by words of any scheme."""

    def __init__(self, documents: Int8s, queries: Int8s) -> None:
        self.documents = np.ascontiguousarray(documents, dtype=np.int8)
        self.queries = np.ascontiguousarray(queries, dtype=np.int8)
        self._family: tuple[Any, ...] = ()
        self._columns: dict[int, _Column] = {}

    def search(self, scheme: WordScheme, size: int = 100) -> SimulatedHits:
        """Find the best documents of every query."""
        m, width = len(self.queries), min(size, len(self.documents))
        docs = np.zeros((m, width), dtype=np.int32)
        scores = np.zeros((m, width), dtype=np.int32)
        n_hits = np.zeros(m, dtype=np.int64)
        histogram = np.zeros(scheme.N + 1, dtype=np.int64)
        postings = self._postings(scheme)
        kernels.search(self._counts(scheme), *postings, docs, scores, n_hits, histogram)
        found = np.arange(width) < n_hits[:, np.newaxis]
        query, rank = np.nonzero(found)
        return SimulatedHits(
            query=query.astype(np.int64),
            rank=rank.astype(np.int32),
            doc=docs[found].astype(np.int64),
            score=scores[found],
            histogram=histogram,
        )

    def document_frequencies(self, scheme: WordScheme) -> Int32s:
        """How many documents share each word of each query: ``int32[queries, N]``."""
        _, begin, end = self._postings(scheme)
        found: Int32s = (end - begin).T
        return found

    def weighted(self, scheme: WordScheme, weights: Int32s) -> Iterator[Int32s]:
        """Yield for each query the sum of its words' weights that every document shares.

        Weights are ``int32[queries, N]``, sums ``int32[documents]``: room that is used again.
        """
        scores = np.empty(len(self.documents), dtype=np.int32)
        postings, by_word = self._postings(scheme), np.ascontiguousarray(weights.T)
        for row in range(len(self.queries)):
            kernels.weigh_matches(scores, *postings, by_word, row)
            yield scores

    def score_pairs(self, scheme: WordScheme, query: Int64s, doc: Int64s) -> Int32s:
        """Score single pairs of rows, ``int64[p]``, sorted by query: ``int32[p]``, 0 … N."""
        scores = np.empty(len(query), dtype=np.int32)
        kernels.score_pairs(self._counts(scheme), *self._postings(scheme), query, doc, scores)
        return scores

    def leaf_bytes(self, scheme: WordScheme) -> float:
        """Bytes a document of the words in a block tree, see `bench.sizes.size_model`."""
        self._postings(scheme)
        total = sum(self._columns[position].leaf_bytes for position in scheme.positions.tolist())
        return total / len(self.documents)

    def forget(self) -> None:
        """Drop the postings lists that are kept for the next scheme."""
        self._columns.clear()

    def _counts(self, scheme: WordScheme) -> NDArray[Any]:
        """Room for a score a document: one byte where that holds it, to stay in the first cache."""
        return np.zeros(len(self.documents), dtype=np.uint8 if scheme.N < 256 else np.uint16)

    def _postings(self, scheme: WordScheme) -> tuple[Int32s, Int32s, Int32s]:
        family = (scheme.alphabet, scheme.strip, scheme.k, scheme.grid)
        if family != self._family:
            self.forget()
            self._family = family
        positions = scheme.positions.tolist()
        missing = [position for position in positions if position not in self._columns]
        if missing:
            self._columns.update(zip(missing, self._make_columns(scheme, missing), strict=True))
        columns = [self._columns[position] for position in positions]
        parts = zip(*((one.documents, one.begin, one.end) for one in columns), strict=True)
        documents, begin, end = (np.stack(part) for part in parts)
        return documents, begin, end

    def _make_columns(self, scheme: WordScheme, positions: list[int]) -> list[_Column]:
        chosen = WordScheme(
            N=len(positions),
            k=scheme.k,
            alphabet=scheme.alphabet,
            spacing=tuple(positions),
            strip=scheme.strip,
            grid=scheme.grid,
        )
        of_documents, of_queries = (
            words_by_place(chosen, signatures) for signatures in (self.documents, self.queries)
        )
        columns = []
        for unsorted, wanted in zip(of_documents, of_queries, strict=True):
            order = np.argsort(unsorted, kind="stable")
            words = unsorted[order]
            begin, end = (np.searchsorted(words, wanted, side=side) for side in ("left", "right"))
            order32, begin, end = (each.astype(np.int32) for each in (order, begin, end))
            columns.append(_Column(order32, begin, end, leaf_bytes(words, order)))
        return columns


def words_by_place(scheme: WordScheme, signatures: Int8s) -> Int64s:
    """Words of all signatures, ``int64[N, m]``: one row a place."""
    words = np.empty((scheme.N, len(signatures)), dtype=np.int64)
    for start in range(0, len(signatures), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        words[:, chunk] = scheme.words(signatures[chunk]).T
    return words
