"""Weights of words that are learned: what an equal word says, by its position and its rarity.

A logistic regression tells right pairs from the best wrong hits of the same queries, by which words
are equal. All are of the half to tune on. A word that would speak against a match is left out and
the others are fitted again, until none is left that does: an engine adds, and what it finds by a
word must not score less for it. The largest weight is a thousand, the least 1, in whole numbers,
which an engine has as the boost of each clause and sums exactly.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bench.evaluate.arrays import Bools, Floats
from bench.runs.errors import MeasurementError
from bench.search.exact.rarity import UNIT
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import RIGHT, WRONG, Truth
from imgsig import WordScheme

#: Wrong hits of a query that are learned from, the best by count.
WRONG_HITS = 10
#: Bins of rarity: as many equal words of the pairs learned from are in each.
BINS = 4


def fit_weights(equal: Floats, right: Bools) -> NDArray[np.int32]:
    """Weights of columns that tell right pairs from wrong ones.

    >>> fit_weights(np.array([[1, 1.0, 0], [1, 0, 0], [0, 1, 1], [0, 0, 1]]),
    ...             np.array([True, True, False, False])).tolist()
    [1000, 1, 1]
    """
    left = np.arange(equal.shape[1])
    while len(left):
        model = LogisticRegression(solver="newton-cholesky", tol=1e-10)
        model.fit(equal[:, left], right)
        found = model.coef_[0]
        # What is nothing but rounding speaks neither for nor against.
        if (found > 1e-9).all():
            break
        left = left[found > 1e-9]
    weights = np.ones(equal.shape[1], dtype=np.int32)
    if len(left):
        weights[left] = np.maximum(1, np.rint(UNIT * found / found.max()))
    return weights


def learn_weights(
    simulator: Simulator, truth: Truth, scheme: WordScheme, tune: Bools, rarity: Floats, bins: int
) -> tuple[NDArray[np.int32], pd.DataFrame]:
    """Weights of each query's words, ``int32[queries, N]``, and what was learned.

    `tune` tells which queries may be learned from, `rarity` is that of their words, ``[queries,
    N]``, and has so many bins. What was learned has a row a position and bin: ``position``,
    ``rarity`` (the least of the bin) and ``weight``.
    """
    query, doc, right = _pairs(simulator, truth, scheme, tune)
    if right.all() or not right.any():
        raise MeasurementError(
            f"weights are learned from right pairs and wrong hits of the half to tune on, which has"
            f" {int(right.sum())} and {int((~right).sum())}; take more queries, or leave out "
            "'learned'"
        )
    equal = scheme.words(simulator.documents[doc]) == scheme.words(simulator.queries[query])
    shares = np.arange(1, bins) / bins
    edges = np.quantile(rarity[query][equal], shares)
    placed = np.searchsorted(edges, rarity, side="right")  # of every query's word
    columns = np.arange(scheme.N) * bins + placed
    features = np.zeros((len(query), scheme.N * bins))
    pair, position = np.nonzero(equal)
    features[pair, columns[query[pair], position]] = 1
    weights = fit_weights(features, right)
    told: dict[str, Any] = {
        "position": np.repeat(np.arange(scheme.N), bins),
        "rarity": np.tile(np.concatenate([[0.0], edges]), scheme.N),
        "weight": weights,
    }
    return np.ascontiguousarray(weights[columns]), pd.DataFrame(told)


def _pairs(
    simulator: Simulator, truth: Truth, scheme: WordScheme, tune: Bools
) -> tuple[NDArray[np.int64], NDArray[np.int64], Bools]:
    """Query, document and whether they are right, of the pairs to learn from."""
    kept = (truth.code == RIGHT) & tune[truth.query]
    hits = simulator.search(scheme)
    wrong = (truth.of(hits.query, hits.doc) == WRONG) & tune[hits.query]
    query, doc = hits.query[wrong], hits.doc[wrong]
    first = np.searchsorted(query, query)  # hits come query by query, best first
    best = np.arange(len(query)) - first < WRONG_HITS
    n_right = int(kept.sum())
    return (
        np.concatenate([truth.query[kept], query[best]]),
        np.concatenate([truth.doc[kept], doc[best]]),
        np.arange(n_right + int(best.sum())) < n_right,
    )
