"""Bytes of a block tree's leaves (Lucene's BKD tree), computed from the words in them.

Rules: `BKDWriter` and `DocIdsWriter` of Lucene 9.12,
https://github.com/apache/lucene/tree/branch_9_12/lucene/core/src/java/org/apache/lucene/util/bkd
"""

import numpy as np
from numpy.typing import NDArray

from bench.search.exact import kernels

#: Points in a leaf, ``BKDConfig.DEFAULT_MAX_POINTS_IN_LEAF_NODE``.
LEAF = 512


def leaf_bytes(words: NDArray[np.int64], documents: NDArray[np.int64]) -> int:
    """Bytes that the leaves of a block tree take for one word of all documents.

    A leaf holds up to 512 words in ascending order. Of each it keeps the document, in two bytes
    where the leaf's documents are less than 2^16 apart, else in three or four, or a bit for each
    document between the first and the last where all its words are equal; and what is behind the
    leaf's common prefix, the first byte of it once a run, or each different word once if that is
    less.

    Parameters
    ----------
    words : ndarray
        ``int64[n]``, ascending.
    documents : ndarray
        ``int64[n]`` document numbers, ascending among equal words.

    Examples
    --------
    >>> leaf_bytes(np.arange(4) + 256, np.array([9, 2, 7, 5]))
    16
    """
    return int(kernels.leaf_bytes(words, documents, LEAF))
