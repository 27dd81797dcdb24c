"""What ranks hits: one row a scoring, from the list that an engine returns to a value a hit.

Scores of different queries are not comparable: a plain picture shares words with thousands of
others by accident. So a scoring may take off the query's own *background*, what its unrelated hits
have, read from the same answer:

``kth``
    the k-th best value. It takes nothing but the answer, and suppresses pictures of which there
    are k copies or more.
``gap``
    the k-th best value behind the largest gap between neighbours, so that copies, which stand
    before the gap however many they are, do not suppress each other.

The order of one query's hits stays as it is; only values of different queries change places.
Background normalisation is what the winners of the Image Similarity Challenge 2021 did with
similarities of an auxiliary set (Yokoo, "Contrastive Learning with Large Memory Bank and Negative
Embedding Subtraction for Accurate Copy Detection", arXiv:2112.04323).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.evaluate.arrays import Floats

#: What an engine ranks by: equal words, their rarity summed, or bits that are equal.
By = Literal["count", "idf", "hamming"]
Rule = Literal["", "kth", "gap"]


@dataclass(frozen=True)
class Scoring:
    """A value of each hit of a list; higher is better once distances are negated."""

    name: str
    by: By
    value: Literal["score", "distance", "sign_distance"] = "score"
    rule: Rule = ""

    @property
    def worst(self) -> float:
        """Goodness of what is not in the answer: no word in common, or the largest distance."""
        return 0.0 if self.value == "score" else -1.0

    def goodness(self, hits: pd.DataFrame) -> Floats:
        """Values of hits before a background is taken off, larger is better."""
        values = hits[self.value].to_numpy(np.float64)
        return values if self.value == "score" else -values


SCORINGS = (
    Scoring("count", "count"),
    Scoring("count - kth", "count", rule="kth"),
    Scoring("count - gap", "count", rule="gap"),
    Scoring("idf", "idf"),
    Scoring("idf - kth", "idf", rule="kth"),
    Scoring("idf - gap", "idf", rule="gap"),
    Scoring("distance", "count", "distance"),
    Scoring("distance - kth", "count", "distance", "kth"),
    Scoring("distance - gap", "count", "distance", "gap"),
    Scoring("sign distance", "count", "sign_distance"),
    Scoring("sign distance - kth", "count", "sign_distance", "kth"),
    Scoring("sign distance - gap", "count", "sign_distance", "gap"),
    Scoring("hamming", "hamming"),
    Scoring("hamming - kth", "hamming", rule="kth"),
    Scoring("hamming - gap", "hamming", rule="gap"),
    Scoring("hamming, distance", "hamming", "distance"),
    Scoring("hamming, distance - kth", "hamming", "distance", "kth"),
    Scoring("hamming, distance - gap", "hamming", "distance", "gap"),
)
#: What all others are compared with: image-match's ranking.
REFERENCE = "distance"


def get_scoring(name: str) -> Scoring:
    """The scoring of that name."""
    return next(one for one in SCORINGS if one.name == name)


def background(rule: Rule, goodness: Floats, k: int) -> Floats:
    """What a rule takes off each query, of its hits' goodness ``float64[queries, size]``.

    What a query's answer lacks is filled up with the worst goodness there is.

    >>> answers = np.array([[9.0, 3, 2, 1, 0], [9, 8, 8, 2, 1]])
    >>> background("kth", answers, 2).tolist(), background("gap", answers, 1).tolist()
    ([3.0, 8.0], [3.0, 2.0])
    """
    best_first = -np.sort(-goodness, axis=1)
    if not rule:
        return np.zeros(len(goodness))
    width = best_first.shape[1]
    if rule == "kth":
        return np.asarray(best_first[:, min(k, width) - 1])
    gaps = best_first[:, :-1] - best_first[:, 1:]
    # What is behind the gap must be many: at the end of an answer a gap tells nothing of copies.
    within = max(min(width * 2 // 3, width - k), 1)
    ends = gaps[:, :within].argmax(axis=1) + k
    return np.asarray(best_first[np.arange(len(goodness)), np.minimum(ends, width - 1)])


def normalised(
    scoring: Scoring, hits: pd.DataFrame, n_queries: int, size: int, k: int
) -> NDArray[np.float64]:
    """Goodness of hits less their query's background; ``row`` and ``rank`` say where they stand."""
    own = scoring.goodness(hits)
    if not scoring.rule:
        return own
    row, rank = hits["row"].to_numpy(), hits["rank"].to_numpy()
    answers = np.full((n_queries, size), scoring.worst)
    answers[row, rank] = own
    return np.asarray(own - background(scoring.rule, answers, k)[row])
