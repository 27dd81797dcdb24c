"""A part of the queries under one ranking of one variant: what is measured at once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bench.evaluate.arrays import Bools, Floats, Integers, Weights
from bench.evaluate.hits import Hits
from bench.evaluate.inputs import Queries
from bench.evaluate.pooled import Pool, pool_pairs, ratio
from bench.evaluate.rankings import Ranking


@dataclass(frozen=True)
class Sample:
    """Hits of some queries under a ranking, with their groups numbered from 0.

    Parameters
    ----------
    hits : Hits
        Hits of the chosen queries.
    ranking : Ranking
        One the hits have.
    chosen : bool[q]
        The chosen queries.
    n_right_by_query : int64[q]
        Right answers of the chosen queries; 0 of the others.
    group : int64[q]
        Group of each chosen query, 0 to groups - 1.
    weights : int16[b, groups]
        How often each group is drawn in each resample.
    """

    hits: Hits
    ranking: Ranking
    chosen: Bools
    n_right_by_query: Integers
    group: Integers
    weights: Weights

    @property
    def answerable(self) -> Bools:
        """The chosen queries with a right answer in the database."""
        return self.n_right_by_query > 0

    @cached_property
    def n_right(self) -> Floats:
        """Right answers by group: ``float64[groups]``."""
        chosen = self.chosen
        counts = np.bincount(
            self.group[chosen], self.n_right_by_query[chosen], minlength=self.n_groups
        )
        return counts.astype(np.float64)

    @property
    def values(self) -> Floats:
        """Value of each hit under the ranking."""
        return self.hits.by_ranking[self.ranking.name]

    @property
    def goodness(self) -> Floats:
        """Value of each hit as a number of which larger is better."""
        return self.ranking.goodness(self.values)

    @property
    def n_groups(self) -> int:
        """Groups the chosen queries come from."""
        return int(self.weights.shape[1])

    @cached_property
    def drawn(self) -> Floats:
        """The weights as floats, for products."""
        return self.weights.astype(np.float64)

    @cached_property
    def pool(self) -> Pool:
        """The pooled pairs of the chosen queries."""
        return pool_pairs(
            self.goodness,
            self.hits.right,
            self.group[self.hits.query],
            self.n_right.astype(np.int64),
        )

    def per_group(self, queries: Bools) -> Floats:
        """Count queries by group."""
        counts = np.bincount(self.group[queries], minlength=self.n_groups)
        return counts.astype(np.float64)

    def at_cutoff(self, cutoff: float) -> tuple[Floats, Floats]:
        """Return right and wrong pairs a cutoff keeps, by group: ``float64[groups]`` each."""
        kept = self.ranking.keeps(self.values, cutoff)
        group = self.group[self.hits.query]
        right, wrong = (
            np.bincount(group[kept & chosen], minlength=self.n_groups).astype(np.float64)
            for chosen in (self.hits.right, ~self.hits.right)
        )
        return right, wrong

    def resampled_ratio(self, part: Floats, whole: Floats) -> tuple[float, Floats]:
        """Return a ratio of two sums over groups, and its value in every resample."""
        value = ratio(np.array([part.sum()]), np.array([whole.sum()]))
        return float(value[0]), ratio(self.drawn @ part, self.drawn @ whole)


def take_sample(
    hits: Hits, ranking: Ranking, queries: Queries, chosen: Bools, weights: Weights
) -> Sample:
    """Choose queries and renumber their groups."""
    present = np.unique(queries.group[chosen])
    return Sample(
        hits=hits.of(chosen),
        ranking=ranking,
        chosen=chosen,
        n_right_by_query=queries.n_right * chosen,
        group=np.searchsorted(present, queries.group),
        weights=weights[:, present],
    )
