"""All pairs of pictures of different scenes, counted by score."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from bench.index.variant import Variant
from bench.search.exact import kernels
from bench.search.exact.bits import packed
from bench.search.exact.simulator import words_by_place
from imgsig import WordScheme
from imgsig.layouts import Vector
from imgsig.layouts.vector import level_bits
from imgsig.strips import get_strip

#: Rows that a thread takes at a time.
ROWS = 256
#: Both cores of the smallest machine that is supported.
THREADS = 2


def count_unrelated(
    variant: Variant,
    signatures: NDArray[np.int8],
    groups: NDArray[np.int64],
    advance: Callable[[int], object] = lambda done: None,
) -> NDArray[np.int64]:
    """How many pairs of signatures, ``int8[n, length]``, of other groups have each score.

    ``int64[largest score + 1]``: the scores of the variant's index, where it counts words at their
    positions or compares bits.
    """
    counter = _counter(variant, signatures)
    levels, n = variant.largest_score + 1, len(signatures)
    numbers = np.ascontiguousarray(groups, dtype=np.int64)

    def part(start: int) -> NDArray[np.int64]:
        counts = np.zeros(levels, dtype=np.int64)
        counter(numbers, start, min(start + ROWS, n), counts)
        return counts

    total = np.zeros(levels, dtype=np.int64)
    with ThreadPoolExecutor(THREADS) as threads:
        for start, counts in zip(
            range(0, n, ROWS), threads.map(part, range(0, n, ROWS)), strict=True
        ):
            total += counts
            advance(min(ROWS, n - start))
    return total


def word_ranks(scheme: WordScheme, signatures: NDArray[np.int8]) -> NDArray[np.int32]:
    """Words as their rank among all at their position, ``int32[n, N]``: as equal, and smaller."""
    columns = words_by_place(scheme, signatures)
    ranks = [np.unique(column, return_inverse=True)[1] for column in columns]
    return np.stack(ranks, axis=1).astype(np.int32)


def _counter(variant: Variant, signatures: NDArray[np.int8]) -> Callable[..., None]:
    matcher = variant.identity.layout.matcher
    if matcher.counts_words and matcher.knows_positions:
        ranks = word_ranks(variant.scheme, signatures)
        return lambda groups, start, end, counts: kernels.count_equal_words(
            ranks, groups, start, end, counts
        )
    if not (isinstance(matcher, Vector) and matcher.element == "bit"):
        raise ValueError(f"layout {variant.layout!r} neither counts words nor compares bits")
    width = variant.largest_score - 1
    values = signatures[:, get_strip("half", variant.scheme.grid).kept]
    bits = packed(np.unpackbits(level_bits(values, matcher.levels), axis=1)[:, :width] > 0)
    # A score is one more than the number of equal bits.
    return lambda groups, start, end, counts: kernels.count_equal_bits(
        bits, width, groups, start, end, counts[1:]
    )
