"""Exact answers of many queries to a stream of documents, in one pass over it.

Documents come in blocks and are never all in memory. Of each way to rank, the best `size` documents
of every query are kept, and how many pairs have which score. At any number of documents these are
the answers of an index that holds so many: one pass serves all sizes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.index.variant import Variant
from bench.runs.errors import ExperimentError
from bench.runs.folder import written_aside
from imgsig.layouts import Matcher, NarrowedVector

Signatures = NDArray[np.int8]
#: Documents of a block: of 400 queries, distances of so many take 52 MB.
BLOCK = 16_384
#: Ways to rank that are worked on at a time.
THREADS = 2
#: Distances of a block, computed for so many documents at a time.
_STEP = 4_096

#: Values of a block of documents, ``int8[n, length]``, for each query in turn: larger is better.
Values = Callable[[Signatures], Iterator[NDArray[np.float64] | NDArray[np.int64]]]


@dataclass(frozen=True)
class Ranked:
    """A way to rank: values of all documents for each query; those below `least` are no hits.

    Whole values are 0 to `levels` − 1; how many pairs have each is counted. Others have 0 levels.
    """

    values: Values
    least: float
    levels: int = 0


def by_score(variant: Variant, queries: Signatures, least: int = 0) -> Ranked:
    """By what an index scores, of queries ``int8[m, length]``.

    With `least` vectors alone are hits whose documents share so many words with the query, and
    pairs are not counted.
    """
    matcher: Matcher = variant.identity.layout.matcher

    def values(block: Signatures) -> Iterator[NDArray[np.int64]]:
        scorer = matcher.scorer(variant.scheme, block)
        return (scorer(query) for query in queries)

    if not least:
        return Ranked(values, 1, variant.largest_score + 1)
    if not isinstance(matcher, NarrowedVector):
        raise ExperimentError(f"layout {variant.layout!r} has no words beside what it ranks by")
    words = matcher.words

    def narrowed(block: Signatures) -> Iterator[NDArray[np.int64]]:
        common = words.scorer(variant.scheme, block)
        return (
            np.where(common(query) >= least, scores, 0)
            for query, scores in zip(queries, values(block), strict=True)
        )

    return Ranked(narrowed, 1)


def by_distance(queries: Signatures) -> Ranked:
    """By the distance of signatures, negated; to the last bit `imgsig.normalized_distance`.

    Sums of products of so small whole numbers are exact in 32-bit floats.
    """
    of_queries = queries.astype(np.float32)
    squares_of_queries = np.einsum("ij,ij->i", of_queries, of_queries).astype(np.float64)

    def values(block: Signatures) -> Iterator[NDArray[np.float64]]:
        distances = np.empty((len(queries), len(block)))
        for start in range(0, len(block), _STEP):
            own = block[start : start + _STEP].astype(np.float32)
            squares = np.einsum("ij,ij->i", own, own).astype(np.float64)
            apart = (of_queries @ own.T).astype(np.float64)
            apart *= -2
            apart += squares
            apart += squares_of_queries[:, np.newaxis]
            both = np.sqrt(squares) + np.sqrt(squares_of_queries)[:, np.newaxis]
            part = distances[:, start : start + _STEP]
            part[:] = -1
            np.divide(-np.sqrt(apart, out=apart), both, out=part, where=both > 0)
        return iter(distances)

    return Ranked(values, -np.inf)


@dataclass
class Best:
    """The best documents of every query so far, best first, among equals in their own order.

    Of each query the first ``found`` of ``docs``, ``int64[m, size]``, and ``scores``,
    ``float64[m, size]``; ``pairs``, ``int64[levels]``, counts all pairs by their value.
    """

    docs: NDArray[np.int64]
    scores: NDArray[np.float64]
    found: NDArray[np.int64]
    pairs: NDArray[np.int64]

    @classmethod
    def none(cls, queries: int, size: int, levels: int) -> "Best":
        """Before the first document."""
        return cls(
            np.zeros((queries, size), dtype=np.int64),
            np.zeros((queries, size)),
            np.zeros(queries, dtype=np.int64),
            np.zeros(levels, dtype=np.int64),
        )

    def add(self, ranked: Ranked, block: Signatures, first: int) -> None:
        """Take in documents, of which the first has that number."""
        levels = len(self.pairs)
        for row, values in enumerate(ranked.values(block)):
            if levels:
                self.pairs += np.bincount(values.astype(np.int64), minlength=levels)
            self._enter(row, values, first, ranked.least)

    def _enter(
        self,
        row: int,
        values: NDArray[np.float64] | NDArray[np.int64],
        first: int,
        least: float,
    ) -> None:
        size, found = self.docs.shape[1], int(self.found[row])
        if found == size:  # an equal value of a later document does not enter
            entering = np.flatnonzero(values > self.scores[row, -1])
        else:
            entering = np.flatnonzero(values >= least)
        if not len(entering):
            return
        if len(entering) > size:
            own = values[entering]
            worst = np.partition(own, len(own) - size)[len(own) - size]
            entering = entering[own >= worst]
        joined = np.concatenate([self.scores[row, :found], values[entering]])
        docs = np.concatenate([self.docs[row, :found], entering + first])
        order = np.argsort(-joined, kind="stable")[:size]
        self.found[row] = len(order)
        self.scores[row, : len(order)] = joined[order]
        self.docs[row, : len(order)] = docs[order]

    def save(self, path: Path) -> None:
        """Keep it in a file."""
        with written_aside(path) as file:
            np.savez_compressed(file, **vars(self))

    @classmethod
    def load(cls, path: Path) -> "Best":
        """What was kept."""
        with np.load(path, allow_pickle=False) as kept:
            return cls(**{name: kept[name] for name in kept.files})


def exact_answers(
    ways: Mapping[str, Ranked],
    documents: Signatures,
    sizes: Sequence[int],
    queries: int,
    size: int,
    place: Callable[[int, str], Path],
    advance: Callable[[int], object] = lambda done: None,
) -> None:
    """Keep the answers of each way to rank at each number of documents, ascending.

    Documents are an array, or what gives its rows as one does. What an earlier call has kept at its
    `place` is not computed again, and the pass goes on from the largest number there.
    """
    begun, best = 0, {name: Best.none(queries, size, one.levels) for name, one in ways.items()}
    for number in sizes:
        if all(place(number, name).is_file() for name in ways):
            begun = number
    if begun:
        best = {name: Best.load(place(begun, name)) for name in ways}
        advance(begun)
    with ThreadPoolExecutor(THREADS) as threads:
        for number in (one for one in sizes if one > begun):
            for start in range(begun, number, BLOCK):
                block = documents[start : min(start + BLOCK, number)]
                adding = [
                    threads.submit(best[name].add, one, block, start) for name, one in ways.items()
                ]
                for one in adding:
                    one.result()
                advance(len(block))
            for name, own in best.items():
                own.save(place(number, name))
            begun = number
