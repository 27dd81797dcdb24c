"""Weights of words by how rare they are, as whole numbers, which every engine sums exactly."""

import numpy as np
from numpy.typing import NDArray

#: A weight of 1 is a thousandth of Lucene's unit. Sums of whole numbers below 2^24 are exact in
#: the 32-bit floats of scores, whatever their order: 63 words of 10 million documents reach 2^20.
UNIT = 1000


def rarity_of(frequencies: NDArray[np.int32], documents: int) -> NDArray[np.float64]:
    """Inverse document frequency by Lucene's formula, see `idf_weights`."""
    rarity: NDArray[np.float64] = np.log1p((documents - frequencies + 0.5) / (frequencies + 0.5))
    return rarity


def idf_weights(frequencies: NDArray[np.int32], documents: int) -> NDArray[np.int32]:
    """Inverse document frequency by Lucene's formula, at least 1, in thousandths.

    ``ln(1 + (n - f + 0.5) / (f + 0.5))`` for words that f of n documents have: what BM25 multiplies
    with the frequency in a document, which is one and the same for words that occur once. An engine
    has them as the boost of each ``term`` clause, so that the fields need no similarity of theirs.

    https://github.com/apache/lucene/blob/branch_10_x/lucene/core/src/java/org/apache/lucene/search/similarities/BM25Similarity.java

    >>> idf_weights(np.array([0, 1, 50, 100], dtype=np.int32), 100).tolist()
    [5308, 4210, 693, 5]
    """
    rarity = rarity_of(frequencies, documents)
    whole: NDArray[np.int32] = np.maximum(1, np.rint(UNIT * rarity)).astype(np.int32)
    return whole
