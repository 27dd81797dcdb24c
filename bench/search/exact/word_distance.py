"""Distance from the words alone: what an index without signatures can rank by."""

import numpy as np
from numpy.typing import NDArray

from bench.search.exact import kernels
from bench.search.exact.kernels import Int8s, Int64s
from imgsig import WordScheme
from imgsig.strips import get_strip


def known_values(scheme: WordScheme) -> NDArray[np.bool_]:
    """Which values of a signature the words hold, ``bool[length]``.

    Those in a word, those whose mirror is in a word, and those off the grid, which are 0.
    `imgsig.sign_words.known_signs` is the same for the reference's words.
    """
    grid = scheme.grid
    kept = get_strip(scheme.strip, grid).kept
    places = (scheme.positions[:, np.newaxis] + np.arange(scheme.k)).ravel()
    known = ~grid.on_grid
    known[kept[places[places < len(kept)]]] = True
    inside = np.flatnonzero(grid.on_grid)
    known[inside] |= known[grid.partner[inside]]
    return known


def word_distances(
    scheme: WordScheme, documents: Int8s, queries: Int8s, query: Int64s, doc: Int64s
) -> NDArray[np.float64]:
    """Distance, ``float64[h]``, of pairs of a query and a document by what the words hold of them.

    Documents and queries are whole signatures, ``int8[n, length]`` and ``int8[m, length]``; pairs
    are rows of these, ``int64[h]``. The words hold signs where the alphabet is ternary, values
    where it is quinary; values that no word holds count as 0 in both.
    """
    a, b = (_held(scheme, signatures) for signatures in (documents, queries))
    return pair_distances(a, b, query, doc)


def pair_distances(
    documents: Int8s, queries: Int8s, query: Int64s, doc: Int64s
) -> NDArray[np.float64]:
    """Distance of pairs of a query and a document, given as in `word_distances`.

    To the last bit what `imgsig.normalized_distance` gives for each: ‖a−b‖ / (‖a‖+‖b‖), where 0/0
    counts as 1.0.
    """
    squares, of_a, of_b = (
        np.empty(n, dtype=np.int32) for n in (len(query), len(documents), len(queries))
    )
    kernels.squared_distances(documents, queries, query, doc, squares)
    kernels.squared_norms(documents, of_a)
    kernels.squared_norms(queries, of_b)
    both = np.sqrt(of_a.astype(np.float64))[doc] + np.sqrt(of_b.astype(np.float64))[query]
    distances = np.ones(len(query))
    np.divide(np.sqrt(squares.astype(np.float64)), both, out=distances, where=both > 0)
    return distances


def _held(scheme: WordScheme, signatures: Int8s) -> Int8s:
    """What the words hold of signatures: ``int8[n, known]``, contiguous."""
    known, half = known_values(scheme), scheme.base // 2
    values = signatures if known.all() else signatures[:, known]
    return np.ascontiguousarray(np.clip(values, -half, half), dtype=np.int8)
