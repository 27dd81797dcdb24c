"""Values and estimates of the measures, `bench.evaluate.measures`, of a sample of queries."""

from collections.abc import Collection, Mapping

import numpy as np

from bench.evaluate import measures, ties
from bench.evaluate.arrays import Bools, Floats, Integers, Weights, sums
from bench.evaluate.bootstrap import Estimate, effective_groups
from bench.evaluate.hits import Hits, right_places
from bench.evaluate.inputs import Queries
from bench.evaluate.pooled import last_precise
from bench.evaluate.rankings import DISTANCE, Ranking
from bench.evaluate.sample import Sample
from bench.evaluate.settings import EvaluationSettings

#: The distance cutoff at which precision and recall are reported: the default of image-match.
REPORTED_CUTOFF = 0.45


def values_per_query(
    hits: Hits, ranking: Ranking, queries: Queries, settings: EvaluationSettings
) -> dict[tuple[str, str], Floats]:
    """Return the measures of every query, by measure and tie label: ``float64[q]``.

    A right answer that was not found adds nothing. NaN for queries without a right answer. The
    recall of the candidates is before any cutoff, and does not depend on the ranking.
    """
    query, places = right_places(hits, ranking)
    values: dict[tuple[str, str], Floats] = {}
    for name, parts in measures.query_measures(settings.recall_ranks).items():
        found = {
            tie: _over(sums(query, len(queries), each), queries.n_right)
            for tie, each in parts(places).items()
        }
        if name == measures.MEAN_AVERAGE_PRECISION.of_query:
            # The bounds hold exactly; the clip removes a last-bit excess of the difference of sums.
            found[ties.EXPECTED] = np.clip(
                found[ties.EXPECTED], found[ties.PESSIMISTIC], found[ties.OPTIMISTIC]
            )
        values |= {(name, tie): value for tie, value in found.items()}
    candidates = measures.CANDIDATE_RECALL.of(str(settings.n_candidates))
    values[candidates, ties.NONE] = _over(hits.right_candidates.astype(np.float64), queries.n_right)
    for tie, at_cut in hits.right_at_cut.items():
        values[candidates, tie] = _over(at_cut, queries.n_right)
    return values


def _over(parts: Floats, n_right: Integers) -> Floats:
    has_answer = n_right > 0
    shares = np.full(len(parts), np.nan)
    shares[has_answer] = parts[has_answer] / n_right[has_answer]
    return shares


def mean_over_queries(
    sample: Sample, measure: str, tie: str, by_query: Floats, counted: Bools, is_rate: bool
) -> Estimate:
    """Return the mean of ``float64[q]`` over the queries that are counted."""
    part = sums(sample.group[counted], sample.n_groups, by_query[counted])
    n = int(counted.sum())
    return _ratio(sample, measure, tie, part, sample.per_group(counted), n, is_rate)


def mean_measures(sample: Sample, values: Mapping[tuple[str, str], Floats]) -> list[Estimate]:
    """Return the means of `values_per_query`, over the queries with a right answer."""
    declared = {each.of_query: each for each in measures.MEASURES}
    estimates = []
    for (of_query, tie), by_query in values.items():
        name, is_rate = of_query, True
        if of_query in declared:
            name, is_rate = declared[of_query].name, declared[of_query].is_rate
        estimates.append(mean_over_queries(sample, name, tie, by_query, sample.answerable, is_rate))
    return estimates


def pooled_measures(
    sample: Sample,
    settings: EvaluationSettings,
    orders: Collection[str] = (*ties.ORDERS, ties.NONE),
) -> list[Estimate]:
    """Return the measures of the pool, of these tie labels where ties matter, and thresholds."""
    computed = measures.pool_measures(settings.precisions)

    def resampled(weights: Weights) -> dict[tuple[str, str], Floats]:
        blocks = [
            {
                (name, tie): value
                for name, of_pool in computed.items()
                for tie, value in of_pool(counts, orders).items()
            }
            for _, counts in sample.pool.resampled(weights)
        ]
        return {key: np.concatenate([block[key] for block in blocks]) for key in blocks[0]}

    n = int(sample.chosen.sum())
    groups = sample.n_groups, effective_groups(sample.per_group(sample.chosen))
    values = resampled(np.ones((1, sample.n_groups), dtype=np.int16))
    drawn = len(sample.weights) > 0
    samples = resampled(sample.weights) if drawn else dict.fromkeys(values, np.empty(0))
    estimates = [
        Estimate(measure, tie, float(value[0]), n, samples[measure, tie], *groups)
        for (measure, tie), value in values.items()
    ]
    for label, thousandths in settings.precision_labels.items():
        name = measures.THRESHOLD.of(label)
        cutoff = threshold(sample, thousandths)
        estimates.append(Estimate(name, ties.NONE, cutoff, n, None, *groups))
    return estimates


def threshold(sample: Sample, thousandths: int) -> float:
    """Return the cutoff of the largest recall at which precision reaches a level.

    Usable as a cutoff as it is; NaN where no cutoff reaches the precision.
    """
    once = np.ones((1, sample.n_groups), dtype=np.int64)
    (_, counts) = next(sample.pool.resampled(once))
    last = int(last_precise(counts, thousandths)[0])
    if last < 0:
        return float("nan")
    return sample.ranking.cutoff_keeping(float(sample.pool.goodness[last]))


def cutoff_measures(sample: Sample, names: tuple[str, str], cutoff: float) -> list[Estimate]:
    """Return precision and recall, so named, at a fixed cutoff; NaN returns nothing."""
    right, wrong = sample.at_cutoff(cutoff)
    n, n_answerable = int(sample.chosen.sum()), int(sample.answerable.sum())
    return [
        _ratio(sample, names[0], ties.NONE, right, right + wrong, n),
        _ratio(sample, names[1], ties.NONE, right, sample.n_right, n_answerable),
    ]


def _ratio(
    sample: Sample,
    measure: str,
    tie: str,
    part: Floats,
    whole: Floats,
    n: int,
    is_rate: bool = True,
) -> Estimate:
    """Return the estimate of a ratio of two sums over groups."""
    value, samples = sample.resampled_ratio(part, whole)
    # Each group has one case at most, which counts as a whole or not at all.
    is_binomial = bool((whole <= 1).all() and np.isin(part, (0, 1)).all())
    groups = int((whole > 0).sum()), effective_groups(whole)
    return Estimate(measure, tie, value, n, samples, *groups, is_rate, is_binomial)


def reported_cutoff_measures(sample: Sample) -> list[Estimate]:
    """Return precision and recall at the reported distance cutoff; none of other rankings."""
    if sample.ranking.name != DISTANCE.name:
        return []
    below = f"{REPORTED_CUTOFF:g}"
    names = measures.PRECISION_BELOW.of(below), measures.RECALL_BELOW.of(below)
    return cutoff_measures(sample, names, REPORTED_CUTOFF)
