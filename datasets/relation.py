"""Which documents are right, wrong or neither for a query.

For a query that is an edited copy of an original this is known by construction: a document is

``right``
    if it is that original;
``ignored``
    if it may rightly look alike: another photograph of the same group (the same scene), or a piece
    of the same photograph that overlaps the original (a photograph overlaps all its tiles);
``wrong``
    otherwise, also if it is another, disjoint piece of the same photograph.

Benchmarks list what is right and what is ignored for each of their queries; the rest is wrong.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from datasets.collection import Original

RIGHT, IGNORED, WRONG = "right", "ignored", "wrong"
RELATIONS = (RIGHT, IGNORED, WRONG)


class Relation:
    """Relations between originals by their positions, for many pairs at once.

    >>> tile, beside = Original("a@0,0,8,8", "a", "a", (0, 0, 8, 8)), (8, 0, 16, 8)
    >>> relation = Relation([tile, Original("a", "a", "a"), Original("b", "a", "a", beside)])
    >>> relation.between(np.array([0, 0, 0]), np.array([0, 1, 2])).tolist()
    ['right', 'ignored', 'wrong']
    """

    def __init__(self, originals: Sequence[Original]) -> None:
        self._photo = pd.factorize(np.array([o.photo for o in originals], dtype=object))[0]
        self._group = pd.factorize(np.array([o.group for o in originals], dtype=object))[0]
        everything = (-1, -1, np.iinfo(np.int32).max, np.iinfo(np.int32).max)
        self._box = np.array([o.box or everything for o in originals], dtype=np.int64)

    def between(self, queries: NDArray[np.int64], documents: NDArray[np.int64]) -> NDArray[np.str_]:
        """Relation of each of ``int64[m]`` documents to its query: ``str[m]``, of `RELATIONS`."""
        same_photo = self._photo[queries] == self._photo[documents]
        same_group = self._group[queries] == self._group[documents]
        a, b = self._box[queries], self._box[documents]
        overlaps = (np.maximum(a[:, :2], b[:, :2]) < np.minimum(a[:, 2:], b[:, 2:])).all(axis=1)
        alike = (same_group & ~same_photo) | (same_photo & overlaps)
        return np.where(queries == documents, RIGHT, np.where(alike, IGNORED, WRONG))


class Listed:
    """Relations that are listed, for many pairs at once.

    Pairs have ``query`` and ``doc``, int64, each pair once, and ``relation``, ``right`` or
    ``ignored``.

    >>> pairs = pd.DataFrame({"query": [0, 0], "doc": [4, 5], "relation": ["right", "ignored"]})
    >>> Listed(pairs).between(np.array([0, 0, 1]), np.array([5, 4, 4])).tolist()
    ['ignored', 'right', 'wrong']
    """

    def __init__(self, pairs: pd.DataFrame) -> None:
        self._index = pd.MultiIndex.from_frame(pairs[["query", "doc"]])
        # At the end stands what a pair is that is not found, whose place is −1.
        self._relation = np.array([*pairs["relation"], WRONG])

    def between(self, queries: NDArray[np.int64], documents: NDArray[np.int64]) -> NDArray[np.str_]:
        """Relation of each of ``int64[m]`` documents to its query: ``str[m]``, of `RELATIONS`."""
        wanted = pd.MultiIndex.from_arrays([queries, documents])
        relation: NDArray[np.str_] = self._relation[self._index.get_indexer(wanted)]
        return relation
