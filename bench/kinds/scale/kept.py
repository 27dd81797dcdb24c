"""A filter that keeps a share of the documents, by their paths: which these are, and the best.

Paths are what documents have besides what is searched; a column of its own for the filter would
change the bytes of every index. Kept are documents whose paths follow each other: without paths of
their own those that were added one after the other, as the ones of a period are, and the same share
of the real ones as of all. An engine skips from one end of them to the other; documents that lie
scattered may take longer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.index.build import path_of
from bench.runs.errors import ExperimentError, MeasurementError
from bench.search.exact.stream import BLOCK, Best, Ranked
from imgsig.layouts import Layout

#: Longest path that an engine indexes whole which chooses the mapping itself (``ignore_above``).
LONGEST = 256


def path_field(layout: Layout) -> str:
    """Name of the field by which documents are filtered; `ExperimentError` where none can be."""
    if layout.path == "source":
        raise ExperimentError(
            f"layout {layout.layout_id!r} finds documents by their path {layout.path_found}; "
            "choose a layout that keeps it as keyword or column"
        )
    return f"{layout.path_name}.keyword" if layout.path == "dynamic" else layout.path_name


@dataclass(frozen=True)
class Kept:
    """The documents, ``int64[n]``, ascending, whose paths are from `begin` on, and before `end`."""

    begin: str
    end: str | None
    docs: NDArray[np.int64]

    def clause(self, layout: Layout) -> dict[str, Any]:
        """The filter as a query clause."""
        before = {} if self.end is None else {"lt": self.end}
        return {"range": {path_field(layout): {"gte": self.begin, **before}}}

    def blocks(self, documents: Any) -> Iterator[NDArray[np.int8]]:
        """Signatures of these among those of all documents, in turn."""
        for start in range(0, len(documents), BLOCK):
            first, last = np.searchsorted(self.docs, (start, start + BLOCK))
            if first < last:
                own = self.docs[first:last]
                yield documents[int(own[0]) : int(own[-1]) + 1][own - own[0]]


def kept_documents(paths: Sequence[str] | None, real: int, size: int, share: float) -> Kept:
    """Which of so many documents are kept, the first `real` of which are no synthetic ones."""
    every = [path_of(document, paths) for document in range(size)]
    if paths is not None and (longest := max(map(len, every))) > LONGEST:
        raise MeasurementError(
            f"quality.filtered_shares: a path has {longest} characters, and an engine that chooses "
            f"the mapping indexes none of more than {LONGEST}; shorten it, or leave the filter out"
        )
    # An engine compares UTF-8, which sorts as the characters do.
    ordered = sorted(every)
    start = min(round(real * (1 - share)), size - 1)
    stop = start + max(round(size * share), 1)
    begin, end = ordered[start], ordered[stop] if stop < size else None
    docs = [doc for doc, path in enumerate(every) if begin <= path and (end is None or path < end)]
    return Kept(begin, end, np.array(docs, dtype=np.int64))


def best_of_kept(way: Ranked, kept: Kept, documents: Any, queries: int, size: int) -> Best:
    """The best of the documents that are kept, of each of so many queries."""
    best, begun = Best.none(queries, size, way.levels), 0
    for block in kept.blocks(documents):
        best.add(way, block, begun)
        begun += len(block)
    best.docs = kept.docs[best.docs]
    return best
