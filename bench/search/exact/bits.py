"""Strings of bits of any length, compared with all others."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def packed(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Bits in words of 64, the last filled up with zeros: ``uint64[m, words]``."""
    return words_of(np.packbits(bits, axis=1))


def words_of(whole: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Packed bits, ``uint8[m, bytes]``, in words of 64, the last filled up with zeros."""
    filled = np.pad(whole, ((0, 0), (0, -whole.shape[1] % 8)))
    return np.ascontiguousarray(filled).view(np.uint64)


def nearness(
    documents: NDArray[np.uint64], queries: NDArray[np.uint64], count: int
) -> Iterator[NDArray[np.int64]]:
    """Equal bits plus 1 of all documents, for each query in turn."""
    for query in queries:
        apart = np.bitwise_count(documents ^ query).sum(axis=1, dtype=np.int64)
        yield count + 1 - apart
