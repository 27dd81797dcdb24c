"""How much each word tells: its entropy, and how often it is equal by accident.

The entropy that a sample of n documents shows can never exceed log2 n bits, so Shannon's entropy of
a long word is a lower bound. The probability that two unrelated documents have the same word has no
such limit: it is estimated without bias from pairs, and it is what a search engine pays for. Its
negative logarithm is Rényi's entropy of order 2 (the collision entropy).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2, entropy

from imgsig import WordScheme

#: Collections for which accidental matches are foretold.
COLLECTION_SIZES = (1_000_000, 100_000_000, 1_000_000_000)


def word_selectivity(
    scheme: WordScheme, signatures: NDArray[np.int8], groups: NDArray[np.int64]
) -> pd.DataFrame:
    """One row a word: entropy, selectivity and expected accidental matches.

    Parameters
    ----------
    signatures : ndarray
        ``int8[documents, length]``.
    groups : ndarray
        ``int64[documents]``: scene of each document. Only pairs of different scenes count as
        unrelated.

    Returns
    -------
    DataFrame
        ``word`` (number), ``position``, ``distinct`` (values seen), ``most_common_share``,
        ``shannon_bits`` (of the sample, with the correction of Miller and Madow; at most about
        log2 of the documents), ``collision_probability`` (of two documents of different scenes)
        with ``collision_low`` and ``collision_high``, ``collision_bits``, and
        ``matches_at_<size>``: documents of a collection of that size that share the word with a
        query by accident. The interval is Poisson's for the number of equal pairs (Garwood 1936),
        as if pairs were independent.
    """
    words = scheme.words(signatures)
    _, groups = np.unique(groups, return_inverse=True)
    sizes = np.bincount(groups)
    pairs = _pairs(np.array([len(groups)])) - _pairs(sizes)
    if not pairs:
        raise ValueError("all documents are of one scene; accidental matches need unrelated ones")
    rows = []
    for number, position in enumerate(scheme.positions.tolist()):
        column = words[:, number]
        counts = np.unique(column, return_counts=True)[1]
        _, within = np.unique(np.stack((column, groups)), axis=1, return_counts=True)
        equal = _pairs(counts) - _pairs(within)
        low = chi2.ppf(0.025, 2 * equal) / 2 if equal else 0.0
        high = chi2.ppf(0.975, 2 * (equal + 1)) / 2
        probability = equal / pairs
        rows.append(
            {
                "word": number,
                "position": position,
                "distinct": len(counts),
                "most_common_share": counts.max() / len(column),
                "shannon_bits": entropy(counts, base=2)
                + (len(counts) - 1) / (2 * len(column) * np.log(2)),
                "collision_probability": probability,
                "collision_low": low / pairs,
                "collision_high": high / pairs,
                "collision_bits": -np.log2(probability) if equal else np.inf,
                **{f"matches_at_{size}": probability * size for size in COLLECTION_SIZES},
            }
        )
    return pd.DataFrame(rows)


def _pairs(counts: NDArray[np.int64]) -> int:
    """Number of unordered pairs inside groups of these sizes, exactly."""
    return int(sum(count * (count - 1) // 2 for count in counts.tolist()))
