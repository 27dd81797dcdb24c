"""What ranks hits: one row a scoring, from the list that an engine returns to a value a hit.

A scoring may take off the query's own background, by rule ``kth`` or ``gap``: see
`imgsig.index.background`. The order of one query's hits stays as it is; only values of different
queries change places.
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
from imgsig.index.background import Rule, background

#: What an engine ranks by: equal words; their weights summed, by rarity or as learned for their
#: position, or for position and rarity; or bits that are equal. Or
#: what the client joins by rank, see `bench.kinds.scoring.fusion`.
By = Literal["count", "idf", "position", "position_rarity", "hamming", "fusion"]


@dataclass(frozen=True)
class Scoring:
    """A value of each hit of a list; higher is better once distances are negated."""

    name: str
    by: By
    value: Literal["score", "distance", "sign_distance"] = "score"
    rule: Rule | Literal[""] = ""

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
    Scoring("position", "position"),
    Scoring("position - kth", "position", rule="kth"),
    Scoring("position - gap", "position", rule="gap"),
    Scoring("position_rarity", "position_rarity"),
    Scoring("position_rarity - kth", "position_rarity", rule="kth"),
    Scoring("position_rarity - gap", "position_rarity", rule="gap"),
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
    Scoring("fusion", "fusion"),
    Scoring("fusion - kth", "fusion", rule="kth"),
    Scoring("fusion - gap", "fusion", rule="gap"),
)
#: What all others are compared with: image-match's ranking.
REFERENCE = "distance"


def get_scoring(name: str) -> Scoring:
    """The scoring of that name."""
    return next(one for one in SCORINGS if one.name == name)


def scorings_of(by: By, value: str) -> list[Scoring]:
    """Those of a value of hits that the engine has ranked so: as they come first."""
    return [one for one in SCORINGS if (one.by, one.value) == (by, value)]


def normalised(
    scoring: Scoring, hits: pd.DataFrame, n_queries: int, size: int, k: int
) -> NDArray[np.float64]:
    """Goodness of hits less their query's background; ``row`` and ``rank`` say where they stand."""
    own = scoring.goodness(hits)
    if not scoring.rule:
        return own
    levels = backgrounds(hits, own, n_queries, size, scoring.rule, k, scoring.worst)
    return np.asarray(own - levels[hits["row"].to_numpy()])


def backgrounds(
    hits: pd.DataFrame,
    goodness: Floats,
    n_queries: int,
    size: int,
    rule: Rule,
    k: int,
    worst: float,
) -> Floats:
    """Background of each query's answer, ``float64[n_queries]``, by the goodness of its hits.

    An answer that is not full goes on with the `worst`.
    """
    answers = np.full((n_queries, size), worst)
    answers[hits["row"].to_numpy(), hits["rank"].to_numpy()] = goodness
    return np.asarray(background(answers, rule, k))
