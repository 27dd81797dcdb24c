"""All that is measured of one ranking of one variant, and the few measures of a sweep's point.

`measure_system` measures in every way there is. A sweep asks the same few questions of thousands of
variants, whose hits it has as arrays; `evaluate_point` answers them fast, with the same values and
intervals for the same resamples:

    queries = read_queries(check_queries(table))                        # once
    weights = draw_groups(queries.n_groups, settings.n_resamples, settings.seed)  # once
    hits = hits_from_arrays(query, right, {"score": score}, len(queries))  # for each variant
    for estimate in evaluate_point(hits, SCORE, queries, weights, settings):
        low, high, interval = estimate.interval(settings.confidence)
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from bench.evaluate import ties
from bench.evaluate.arrays import Bools, Floats, Weights
from bench.evaluate.bootstrap import Estimate, effective_groups
from bench.evaluate.comparisons import Estimates, comparable
from bench.evaluate.curves import curve
from bench.evaluate.cutoffs import tuned_cutoffs
from bench.evaluate.estimates import (
    mean_measures,
    pooled_measures,
    reported_cutoff_measures,
    values_per_query,
)
from bench.evaluate.held_out import Halves, held_out_measures, tune
from bench.evaluate.hits import Hits
from bench.evaluate.inputs import ALL, Queries
from bench.evaluate.losses import losses
from bench.evaluate.measures import TUNED_THRESHOLD
from bench.evaluate.rankings import Ranking
from bench.evaluate.sample import Sample, take_sample
from bench.evaluate.settings import EvaluationSettings
from bench.evaluate.top import top_rows

Rows = list[dict[str, object]]


def measure_system(
    hits: Hits,
    ranking: Ranking,
    queries: Queries,
    weights: Weights,
    drawn: Halves,
    word_count: int,
    settings: EvaluationSettings,
) -> tuple[dict[str, pd.DataFrame], dict[tuple[str, str], Estimate], dict[str, Estimates]]:
    """Measure one ranking of one variant, over all queries, by transform and by query.

    The tables ``metrics``, ``top``, ``per_query``, ``curves``, ``cutoffs`` and ``losses``,
    without the columns that name the system; and the estimates that other systems may be compared
    with, over all transforms and of each.
    """
    confidence = settings.confidence
    values = values_per_query(hits, ranking, queries, settings)

    def sample_of(chosen: Bools) -> Sample:
        return take_sample(hits, ranking, queries, chosen, weights)

    def measured(sample: Sample) -> list[Estimate]:
        return pooled_measures(sample, settings) + mean_measures(sample, values)

    halves = {half: sample_of(chosen) for half, chosen in queries.halves.items()}
    own, every = halves["tune"], queries.halves[ALL]
    tuned = tune(own, take_sample(hits, ranking, queries, every, drawn.tune), settings)
    cutoff_of = {label: each.cutoff for label, each in tuned.items()}
    groups = own.n_groups, effective_groups(own.per_group(own.chosen))
    tuned_thresholds = [
        Estimate(TUNED_THRESHOLD.of(label), ties.NONE, cutoff, int(own.chosen.sum()), None, *groups)
        for label, cutoff in cutoff_of.items()
    ]

    def tried_on(chosen: Bools) -> Sample:
        return take_sample(hits, ranking, queries, chosen, drawn.report)

    metrics: Rows = []
    compared: dict[tuple[str, str], Estimate] = {}
    of_transforms: dict[str, Estimates] = {}
    for transform, chosen in queries.transforms.items():
        sample = sample_of(chosen)
        found = measured(sample)
        of_transforms[transform] = comparable(found)
        if transform == ALL:
            found += tuned_thresholds
        report = sample_of(chosen & queries.halves["report"])
        found += held_out_measures(report, tried_on(chosen), tuned)
        found += reported_cutoff_measures(sample)
        metrics += [{"transform": transform, **row} for row in _rows(found, confidence)]
        if transform == ALL:
            compared = comparable(found)

    cutoffs = ranking.cutoffs(word_count)
    answerable = np.flatnonzero(queries.in_database)
    numbers = queries.number[answerable]
    tables = {
        "metrics": pd.DataFrame(metrics),
        "top": pd.DataFrame(top_rows(hits, ranking, queries, weights, confidence)),
        "per_query": pd.concat(
            pd.DataFrame({"query": numbers, "value": value[answerable]}).assign(
                measure=measure, tie=tie
            )
            for (measure, tie), value in values.items()
        ),
        "curves": pd.concat(
            pd.DataFrame(curve(sample, cutoffs, confidence)).assign(half=half)
            for half, sample in halves.items()
        ),
        "cutoffs": pd.DataFrame(tuned_cutoffs(halves["report"], tried_on(every), tuned, settings)),
        "losses": pd.DataFrame(losses(hits, ranking, queries, cutoff_of, confidence)),
    }
    del of_transforms[ALL]
    return tables, compared, of_transforms


def _rows(estimates: Iterable[Estimate], confidence: float) -> Rows:
    return [estimate.row(confidence) for estimate in estimates]


def evaluate_point(
    hits: Hits,
    ranking: Ranking,
    queries: Queries,
    weights: Weights,
    settings: EvaluationSettings,
    half: str = "all",
) -> list[Estimate]:
    """Measure one ranking of one variant, over all transforms.

    Query settings (the cutoffs) are the caller's: they are not applied again. ``half`` is
    ``all``, ``tune`` or ``report``. The estimates are pooled measures and means with ties at their
    expected value, with resamples, but for thresholds. Two systems measured with the same weights
    may be compared in pairs.
    """
    sample = take_sample(hits, ranking, queries, queries.halves[half], weights)
    values: dict[tuple[str, str], Floats] = {
        key: value
        for key, value in values_per_query(hits, ranking, queries, settings).items()
        if key[1] in {ties.EXPECTED, ties.NONE}
    }
    return pooled_measures(sample, settings, (ties.EXPECTED,)) + mean_measures(sample, values)
