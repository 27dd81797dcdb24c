"""What words repeat of each other: overlapping words are equal or different together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgsig import WordScheme


@dataclass(frozen=True)
class Redundancy:
    """How words depend on each other, over pairs of pictures.

    Parameters
    ----------
    correlation : ndarray
        ``float64[N, N]``: correlation of "this word is equal" between words (phi coefficient); NaN
        where a word is equal in all pairs or in none.
    effective_words : float
        How many independent words would make the number of equal words vary as much: the sum of the
        words' variances, times N, over the variance of their sum. N where words are independent, 1
        where they are all the same.
    """

    correlation: NDArray[np.float64]
    effective_words: float

    @property
    def repeated(self) -> NDArray[np.float64]:
        """For each word the largest correlation with another; ``float64[N]``."""
        others = np.where(np.eye(len(self.correlation), dtype=np.bool_), np.nan, self.correlation)
        known = np.where(np.isnan(others), -np.inf, others).max(axis=1)
        return np.where(np.isinf(known), np.nan, known)


def redundancy(scheme: WordScheme, first: NDArray[np.int8], second: NDArray[np.int8]) -> Redundancy:
    """Measure how words depend on each other over given pairs.

    Parameters
    ----------
    first, second : ndarray
        ``int8[pairs, length]``: signatures of the two pictures of each pair; copies with their
        originals, or unrelated pictures.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> pictures = rng.integers(-1, 2, (2, 4000, 648)).astype(np.int8)
    >>> disjoint = WordScheme(N=20, k=2, spacing="disjoint")
    >>> 18 < redundancy(disjoint, *pictures).effective_words < 22
    True
    """
    if len(first) != len(second) or len(first) < 2:
        raise ValueError(f"{len(first)} and {len(second)} pictures make no two pairs")
    equal = (scheme.words(first) == scheme.words(second)).astype(np.float64)
    centred = equal - equal.mean(axis=0)
    covariance = centred.T @ centred / len(equal)
    deviation = np.sqrt(np.diag(covariance))
    scale = np.outer(deviation, deviation)
    correlation = np.full_like(covariance, np.nan)
    np.divide(covariance, scale, out=correlation, where=scale > 0)
    total = covariance.sum()
    effective = float(scheme.N * np.trace(covariance) / total) if total > 0 else float("nan")
    return Redundancy(correlation, effective)
