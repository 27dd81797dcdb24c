"""The few measures of one point of a sweep, fast.

`bench.evaluate.evaluate` measures a variant in every way there is, from tables. A sweep asks the
same few questions of thousands of variants, whose hits it has as arrays:

    queries = read_queries(check_queries(table))                        # once
    weights = draw_groups(queries.n_groups, settings.n_resamples, settings.seed)  # once
    hits = hits_from_arrays(query, right, {"score": score}, len(queries))  # for each variant
    for estimate in evaluate_point(hits, SCORE, queries, weights, settings):
        low, high, interval = estimate.interval(settings.confidence)

The values and intervals are those `evaluate` gives for the same resamples.
"""

from bench.evaluate import ties
from bench.evaluate.arrays import Floats, Weights
from bench.evaluate.estimate import Estimate
from bench.evaluate.hits import Hits
from bench.evaluate.measures import mean_measures, pooled_measures
from bench.evaluate.per_query import values_per_query
from bench.evaluate.queries import Queries
from bench.evaluate.rankings import Ranking
from bench.evaluate.sample import take_sample
from bench.evaluate.settings import EvaluationSettings


def evaluate_point(
    hits: Hits,
    ranking: Ranking,
    queries: Queries,
    weights: Weights,
    settings: EvaluationSettings,
    half: str = "all",
) -> list[Estimate]:
    """Measure one ranking of one variant, over all transforms.

    Parameters
    ----------
    hits : Hits
        The hits, as `bench.evaluate.hits.hits_from_arrays` makes them of arrays. Query settings
        (`size`, cutoffs) are the caller's: they are not applied again.
    half : str
        ``all``, ``tune`` or ``report``: whose queries are measured.

    Returns
    -------
    list of Estimate
        ``uAP`` (expected over ties), ``R@P…`` and ``threshold@P…`` of each precision, ``mAP`` and
        ``recall@k`` (expected), and ``candidate_recall@K``; with resamples, but for thresholds.
        Two systems measured with the same weights may be compared in pairs.
    """
    sample = take_sample(hits, ranking, queries, queries.halves[half], weights)
    values: dict[tuple[str, str], Floats] = {
        key: value
        for key, value in values_per_query(hits, ranking, queries, settings).items()
        if key[1] in {ties.EXPECTED, ties.NONE}
    }
    return pooled_measures(sample, settings, (ties.EXPECTED,)) + mean_measures(sample, values)
