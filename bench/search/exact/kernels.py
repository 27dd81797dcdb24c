"""Compiled loops of the simulator.

`numba` compiles them when they are first called and keeps the result beside the source, or in the
user's cache folder where that is not writable. They release the interpreter's lock and run on one
core.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int8s = NDArray[np.int8]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

_compiled: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(cache=True, nogil=True)


@_compiled
def count_matches(
    counts: NDArray[Any], documents: Int32s, begin: Int32s, end: Int32s, row: int
) -> None:
    """Count for every document the words it shares with query `row`."""
    counts[:] = 0
    for word in range(documents.shape[0]):
        for place in range(begin[word, row], end[word, row]):
            counts[documents[word, place]] += 1


@_compiled
def weigh_matches(
    scores: Int32s, documents: Int32s, begin: Int32s, end: Int32s, weights: Int32s, row: int
) -> None:
    """Sum for every document the weights, ``[words, queries]``, of words shared with a query."""
    scores[:] = 0
    for word in range(documents.shape[0]):
        weight = weights[word, row]
        for place in range(begin[word, row], end[word, row]):
            scores[documents[word, place]] += weight


@_compiled
def search(
    counts: NDArray[Any],
    documents: Int32s,
    begin: Int32s,
    end: Int32s,
    docs: Int32s,
    scores: Int32s,
    n_hits: Int64s,
    histogram: Int64s,
) -> None:
    """Fill the best documents of every query, and how many pairs have which score.

    ``counts`` is room for one number a document, ``docs`` and ``scores`` are ``[queries, size]``.
    The lowest score that still enters is found from the query's histogram; documents then go to
    their place in one pass, in ascending order, which is the order within a tie.
    """
    n_words, size = documents.shape[0], docs.shape[1]
    own = np.zeros(n_words + 1, dtype=np.int64)
    place = np.zeros(n_words + 1, dtype=np.int64)
    for row in range(n_hits.shape[0]):
        count_matches(counts, documents, begin, end, row)
        own[:] = 0
        for document in range(counts.shape[0]):
            own[counts[document]] += 1
        taken = 0
        lowest = n_words + 1
        while lowest > 1 and taken < size:
            lowest -= 1
            place[lowest] = taken
            taken += own[lowest]
        for document in range(counts.shape[0]):
            score = counts[document]
            if score >= lowest and place[score] < size:
                docs[row, place[score]] = document
                scores[row, place[score]] = score
                place[score] += 1
        n_hits[row] = min(taken, size)
        histogram += own


@_compiled
def score_pairs(
    counts: NDArray[Any],
    documents: Int32s,
    begin: Int32s,
    end: Int32s,
    query: Int64s,
    doc: Int64s,
    scores: Int32s,
) -> None:
    """Fill the score of each pair of a query and a document; queries in ascending order."""
    counted = -1
    for pair in range(scores.shape[0]):
        if query[pair] != counted:
            counted = query[pair]
            count_matches(counts, documents, begin, end, counted)
        scores[pair] = counts[doc[pair]]


@_compiled
def squared_distances(
    documents: Int8s, queries: Int8s, query: Int64s, doc: Int64s, squares: Int32s
) -> None:
    """Fill ``squares[h]`` with the squared distance of each pair of a query and a document."""
    for hit in range(squares.shape[0]):
        a, b = documents[doc[hit]], queries[query[hit]]
        total = np.int32(0)
        for i in range(a.shape[0]):
            apart = np.int32(a[i]) - np.int32(b[i])
            total += apart * apart
        squares[hit] = total


@_compiled
def squared_norms(rows: Int8s, squares: Int32s) -> None:
    """Fill ``squares[n]`` with the sum of squares of each row."""
    for row in range(squares.shape[0]):
        total = np.int32(0)
        for i in range(rows.shape[1]):
            total += np.int32(rows[row, i]) * np.int32(rows[row, i])
        squares[row] = total


@_compiled
def leaf_bytes(words: Int64s, documents: Int64s, leaf: int) -> int:
    """Bytes of words in a block tree, `words` and then `documents` ascending; see `size_model`."""
    total = 0
    for start in range(0, words.shape[0], leaf):
        end = min(start + leaf, words.shape[0])
        count = end - start
        lowest, highest = documents[start], documents[start]
        distinct = 1
        for place in range(start + 1, end):
            distinct += words[place] != words[place - 1]
            lowest = min(lowest, documents[place])
            highest = max(highest, documents[place])
        spread = highest - lowest + 1
        if distinct == 1 and spread == count:
            pass
        elif distinct == 1 and spread <= 16 * count:
            total += 8 * (highest // 64 - lowest // 64 + 1)
        elif spread <= 0xFFFF:
            total += 2 * count
        else:
            total += (3 if highest <= 0xFFFFFF else 4) * count
        if distinct == 1:
            continue
        differing = words[start] ^ words[end - 1]
        suffix = 0
        while differing:
            differing >>= 8
            suffix += 1
        runs, run = 1, 1
        for place in range(start + 1, end):
            same = words[place] >> (8 * suffix - 8) == words[place - 1] >> (8 * suffix - 8)
            if same and run < 255:
                run += 1
            else:
                runs += 1
                run = 1
        every = count * (suffix - 1) + 2 * runs
        each_once = distinct * (suffix + 1)
        total += every if distinct == count else min(every, each_once)
    return total


@_compiled
def equal_words(a: NDArray[Any], b: NDArray[Any]) -> np.int64:
    """How many words of two rows are equal: counted in 16 bits, which vectorizes."""
    count = np.uint16(0)
    for place in range(len(a)):
        count += np.uint16(a[place] == b[place])
    return np.int64(count)


@_compiled
def differing_bits(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> np.int64:
    """Bits that differ: added up in pairs, fours and eights, then by one multiplication."""
    count = np.uint64(0)
    for place in range(len(a)):
        x = a[place] ^ b[place]
        x -= (x >> np.uint64(1)) & np.uint64(0x5555555555555555)
        x = (x & np.uint64(0x3333333333333333)) + (
            (x >> np.uint64(2)) & np.uint64(0x3333333333333333)
        )
        x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
        count += (x * np.uint64(0x0101010101010101)) >> np.uint64(56)
    return np.int64(count)


@_compiled
def count_equal_words(words: Int32s, groups: Int64s, start: int, end: int, counts: Int64s) -> None:
    """Count pairs of rows of other groups by how many of their words are equal.

    Pairs of each row from `start` to `end` with all rows behind it.
    """
    for a in range(start, end):
        for b in range(a + 1, words.shape[0]):
            if groups[a] != groups[b]:
                counts[equal_words(words[a], words[b])] += 1


@_compiled
def count_equal_bits(
    bits: NDArray[np.uint64],
    width: int,
    groups: Int64s,
    start: int,
    end: int,
    counts: Int64s,
) -> None:
    """As `count_equal_words`, by how many of `width` bits are equal, of packed rows."""
    for a in range(start, end):
        for b in range(a + 1, bits.shape[0]):
            if groups[a] != groups[b]:
                counts[width - differing_bits(bits[a], bits[b])] += 1
