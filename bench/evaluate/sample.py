"""A part of the queries under one ranking of one variant: what is measured at once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bench.evaluate.arrays import Bools, Floats, Integers, Weights, sums
from bench.evaluate.hits import Hits
from bench.evaluate.inputs import Queries
from bench.evaluate.pooled import Pool, pool_pairs, ratio
from bench.evaluate.rankings import Ranking


@dataclass(frozen=True)
class Sample:
    """Hits of some queries under a ranking, with their groups numbered from 0."""

    hits: Hits
    ranking: Ranking  # one the hits have
    chosen: Bools  # bool[q]
    n_right_by_query: Integers  # int64[q]: of the chosen queries; 0 of the others
    group: Integers  # int64[q]: of each chosen query, 0 to groups - 1
    weights: Weights  # int16[b, groups]: how often each group is drawn

    @property
    def answerable(self) -> Bools:
        """The chosen queries with a right answer in the database."""
        return self.n_right_by_query > 0

    @cached_property
    def n_right(self) -> Floats:
        """Right answers by group: ``float64[groups]``."""
        chosen = self.chosen
        return sums(self.group[chosen], self.n_groups, self.n_right_by_query[chosen])

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
        return sums(self.group[queries], self.n_groups)

    def at_cutoff(self, cutoff: float) -> tuple[Floats, Floats]:
        """Return right and wrong pairs a cutoff keeps, by group: ``float64[groups]`` each."""
        kept = self.ranking.keeps(self.values, cutoff)
        group = self.group[self.hits.query]
        right, wrong = kept & self.hits.right, kept & ~self.hits.right
        return sums(group[right], self.n_groups), sums(group[wrong], self.n_groups)

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
