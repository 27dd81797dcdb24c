"""Measures over the pool of all query-result pairs of all queries.

Only values that a right pair has can move recall, so the pool is reduced to those: for each,
and for each group of queries, how many right and wrong pairs have it or a better one. That is
all `uAP` and `R@P…` depend on, and a resample of groups is a weighted sum of it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from bench.evaluate import ties
from bench.evaluate.arrays import Bools, Floats, Integers

_BLOCK_VALUES = 2**15  # numbers per array in a block of resamples: a few arrays fit a core's cache


@dataclass(frozen=True)
class Counts:
    """Counts of pairs at each value that holds a right pair, best value first."""

    #: float64[b, v]: pairs with that value, in each of b resamples; whole numbers
    right: Floats
    wrong: Floats
    #: float64[b, v]: pairs with a better value
    right_before: Floats
    wrong_before: Floats
    n_right: Floats  # float64[b]: right answers in the database

    @cached_property
    def right_kept(self) -> Floats:
        """Right pairs that a cutoff at each value keeps."""
        return self.right_before + self.right

    @cached_property
    def kept(self) -> Floats:
        """Pairs that a cutoff at each value keeps."""
        return self.right_kept + self.wrong_before + self.wrong


@dataclass(frozen=True)
class Pool:
    """The pool, counted by value and group of queries.

    Most groups have no pair of most values, so the counts are sparse, ``[v, groups]``.
    """

    #: float64[v]: the distinct values that a right pair has, as goodness, best first
    goodness: Floats
    right: csr_array  # right pairs of each value
    tied: csr_array  # wrong pairs of it
    between: csr_array  # wrong pairs that are worse than the value before it and better than it
    n_right: Floats  # float64[groups]: right answers in the database

    def resampled(self, weights: NDArray[np.integer]) -> Iterator[tuple[slice, Counts]]:
        """Yield the counts of resamples in blocks.

        They come with the rows of `weights` they belong to. All are sums of whole numbers below
        2^53, so they are exact in whatever order they are added.
        """
        rows = max(1, _BLOCK_VALUES // max(1, len(self.goodness)))
        for start in range(0, len(weights), rows):
            block = slice(start, min(start + rows, len(weights)))
            drawn = np.ascontiguousarray(weights[block].T, dtype=np.float64)
            right, wrong, between = (
                np.ascontiguousarray((each @ drawn).T)
                for each in (self.right, self.tied, self.between)
            )
            between += wrong
            yield (
                block,
                Counts(
                    right=right,
                    wrong=wrong,
                    right_before=right.cumsum(axis=1) - right,
                    wrong_before=between.cumsum(axis=1) - wrong,
                    n_right=self.n_right @ drawn,
                ),
            )


def pool_pairs(goodness: Floats, right: Bools, group: Integers, n_right_by_group: Integers) -> Pool:
    """Count the pooled pairs by value and group."""
    levels = np.unique(goodness[right])[::-1]
    # Position of the best level that is not better than the pair: the level it is tied with, or
    # the first one it comes before. Pairs worse than every right pair fall off the end: they
    # can change no recall and no precision where recall rises.
    position = np.searchsorted(-levels, -goodness, side="left")
    inside = position < len(levels)
    tied = np.zeros(len(goodness), dtype=np.bool_)
    tied[inside] = levels[position[inside]] == goodness[inside]
    shape = len(levels), len(n_right_by_group)

    def count(chosen: Bools) -> csr_array:
        cells = position[chosen], group[chosen]
        return csr_array((np.ones(len(cells[0])), cells), shape=shape)

    return Pool(
        levels,
        right=count(right),
        tied=count(~right & tied),
        between=count(~right & inside & ~tied),
        n_right=n_right_by_group.astype(np.float64),
    )


def micro_average_precision(
    counts: Counts, orders: Collection[str] = (*ties.ORDERS, ties.NONE)
) -> dict[str, Floats]:
    """Return `uAP`, the micro average precision of the pool.

    All pairs of all queries, those of queries without a right answer included, make one list,
    best value first; the precisions at its right pairs are summed and divided by the number of
    right answers of all queries. A right answer that is in no list adds nothing, so it costs
    recall. This is the measure of the Image Similarity Challenge (Douze et al., "The 2021 Image
    Similarity Dataset and Challenge", arXiv:2106.09672) as its ``isc/metrics.py`` computes it
    (facebookresearch/isc2021), whose rule on ties, wrong pairs first, is ``pessimistic`` here.

    ``float64[b]`` by tie label, `bench.evaluate.ties`; NaN where there are no right answers.
    """
    right, wrong = counts.right, counts.wrong
    seen_right = counts.right_before
    seen = seen_right + counts.wrong_before
    here = right + wrong
    has_ties = bool(wrong.any())

    def finished(each: Floats) -> Floats:
        return ratio(each.sum(axis=1), counts.n_right)

    found = {}
    if ties.NONE in orders:
        grouped = right * (seen_right + right) / np.maximum(seen + here, 1)
        found[ties.NONE] = finished(grouped)
    if not set(orders) <= {ties.NONE}:
        first = seen.astype(np.int64)
        last = (seen + here).astype(np.int64)
        harmonic = ties.harmonic_numbers(int(last.max(initial=0)))
        # The j-th right pair of a tie that comes after s pairs, S of them right, and after w wrong
        # ones of its own tie has precision (S + j) / (s + w + j); the sum over j is
        # r + (S - s - w) (H(s + w + r) - H(s + w)).
        offset = seen_right - seen
        through_right = (seen + right).astype(np.int64) if has_ties else last
        optimistic = right + offset * (harmonic.take(through_right) - harmonic.take(first))
        expected = pessimistic = optimistic
        if has_ties:
            skipped = (seen + wrong).astype(np.int64)
            pessimistic = right + (offset - wrong) * (harmonic.take(last) - harmonic.take(skipped))
            # Each place i of the tie is right with chance r/n and then has, on average,
            # (i - 1) (r - 1) / (n - 1) right ones before it in the tie; summed over i.
            slope = (right - 1) / np.maximum(here - 1, 1)
            expected = (right / np.maximum(here, 1)) * (
                slope * here
                + (seen_right + 1 - slope - slope * seen)
                * (harmonic.take(last) - harmonic.take(first))
            )
            expected = np.clip(expected, pessimistic, optimistic)
        values = (optimistic, expected, pessimistic)
        found |= {
            tie: finished(each)
            for tie, each in zip(ties.ORDERS, values, strict=True)
            if tie in orders
        }
    return {tie: found[tie] for tie in orders}


def last_precise(counts: Counts, thousandths: int) -> Integers:
    """Return the last value at which precision still reaches a level.

    ``int64[b]``; -1 where no cutoff reaches the precision. It is a value that a right pair of the
    resample has: others recall nothing more.
    """
    reached = (1000 * counts.right_kept >= thousandths * counts.kept) & (counts.right > 0)
    if not reached.shape[1]:
        return np.full(len(reached), -1, dtype=np.int64)
    last = reached.shape[1] - 1 - np.argmax(reached[:, ::-1], axis=1)
    return np.where(reached.any(axis=1), last, -1).astype(np.int64)


def recall_at_precision(counts: Counts, thousandths: int) -> Floats:
    """Return `R@P…`, the largest recall at which precision reaches a level.

    ``float64[b]``: 0 where no cutoff reaches the precision; NaN where there are no right answers.
    """
    right = counts.right_kept
    last = last_precise(counts, thousandths)
    rows = np.flatnonzero(last >= 0)
    best = np.zeros(len(right))
    best[rows] = right[rows, last[rows]]
    return ratio(best, counts.n_right)


def ratio(part: Floats, whole: Floats) -> Floats:
    """Return part / whole; NaN, "undefined", where whole is 0."""
    defined = whole > 0
    return np.where(defined, part / np.where(defined, whole, 1.0), np.nan)
