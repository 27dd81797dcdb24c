"""From queries and candidates to tables of measures, curves and comparisons."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from rich.progress import Progress

from bench.evaluate import ties
from bench.evaluate.arrays import Weights
from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.comparisons import comparable, compare, default_pairs
from bench.evaluate.curves import curve
from bench.evaluate.estimate import Estimate
from bench.evaluate.hits import Hits, select_hits
from bench.evaluate.inputs import ALL, check_candidates, check_queries
from bench.evaluate.measures import (
    held_out_measures,
    mean_measures,
    pooled_measures,
    reported_cutoff_measures,
    threshold,
)
from bench.evaluate.outputs import COMPARISONS, CURVES, METRICS, PER_QUERY, make_table
from bench.evaluate.per_query import values_per_query
from bench.evaluate.queries import Queries, read_queries
from bench.evaluate.rankings import RANKINGS, Ranking
from bench.evaluate.sample import take_sample
from bench.evaluate.settings import EvaluationSettings, System


@dataclass(frozen=True)
class Evaluation:
    """The tables of an evaluation; columns, dtypes and order in `bench.evaluate.outputs`.

    Parameters
    ----------
    metrics : DataFrame
        Every measure of every variant, ranking and transform, with intervals.
    per_query : DataFrame
        The measures that single queries have, of queries with a right answer.
    curves : DataFrame
        Precision and recall by cutoff, for all queries and for each half.
    comparisons : DataFrame
        Paired differences of systems, over all transforms.
    """

    metrics: pd.DataFrame
    per_query: pd.DataFrame
    curves: pd.DataFrame
    comparisons: pd.DataFrame


def evaluate(
    queries: pd.DataFrame,
    candidates: pd.DataFrame,
    word_counts: Mapping[str, int],
    settings: EvaluationSettings | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Evaluate what an engine returned.

    Parameters
    ----------
    queries : DataFrame
        One row a query: ``query`` (int), ``in_database`` (bool: its right answer is in the
        database), ``transform`` (str), ``strength`` (float), ``photo`` (str), ``group`` (str:
        photographs of one scene share it; the unit of resampling), ``half`` (``tune`` or
        ``report``) and ``status`` (``ok``, or ``failed``: no signature could be made; a miss).
    candidates : DataFrame
        One row a query-candidate pair: ``variant`` (str), ``query`` (int), ``rank`` (int, from
        0, the engine's order), ``doc`` (int), ``score`` (int, 1..N), ``distance`` (float, NaN
        in all rows of a variant that stores no signature) and ``relation`` (``right``,
        ``wrong``, or ``ignored``: alike for a good reason, removed before anything is counted).
    word_counts : mapping of str to int
        N of each variant, in the order of the tables. A variant without candidates is evaluated
        too: it found nothing.
    settings : EvaluationSettings, optional
        Default: ``EvaluationSettings()``.
    progress : rich.progress.Progress, optional
        Where to show progress.

    Returns
    -------
    Evaluation

    Raises
    ------
    EvaluationInputError
        A table is not as described.
    SettingsError
        A comparison names a system that was not evaluated.
    """
    settings = settings or EvaluationSettings()
    query_table = check_queries(queries)
    candidate_table = check_candidates(candidates, query_table, word_counts, settings)
    run = read_queries(query_table)
    weights = draw_groups(run.n_groups, settings.n_resamples, settings.seed)

    metrics: list[dict[str, object]] = []
    per_query: list[pd.DataFrame] = []
    curves: list[pd.DataFrame] = []
    compared: dict[System, dict[tuple[str, str], Estimate]] = {}
    progress = progress or Progress(disable=True)
    bar = progress.add_task("Evaluating", total=len(word_counts))
    for variant, n_words in word_counts.items():
        rows = candidate_table[candidate_table["variant"] == variant]
        hits = select_hits(rows, len(run), settings)
        for name in hits.by_ranking:
            ranking, system = RANKINGS[name], System(variant, name)
            estimates, by_query = _evaluate_system(hits, ranking, run, weights, settings)
            for transform, found in estimates.items():
                metrics += [_metric_row(system, transform, e, settings) for e in found]
            per_query.append(by_query.assign(**system._asdict()))
            cutoffs = ranking.cutoffs(n_words)
            curves += [
                pd.DataFrame(curve(hits, ranking, run, chosen, cutoffs)).assign(
                    half=half, **system._asdict()
                )
                for half, chosen in run.halves.items()
            ]
            compared[system] = comparable(estimates[ALL])
        progress.advance(bar)

    pairs = settings.comparisons
    if pairs is None:
        pairs = tuple(default_pairs(list(compared)))
    return Evaluation(
        metrics=make_table(pd.DataFrame(metrics), METRICS),
        per_query=make_table(pd.concat(per_query), PER_QUERY),
        curves=make_table(pd.concat(curves), CURVES),
        comparisons=make_table(
            pd.DataFrame(compare(compared, pairs, settings.confidence)), COMPARISONS
        ),
    )


def _evaluate_system(
    hits: Hits, ranking: Ranking, queries: Queries, weights: Weights, settings: EvaluationSettings
) -> tuple[dict[str, list[Estimate]], pd.DataFrame]:
    """Measure one ranking of one variant, by transform and by query."""
    values = values_per_query(hits, ranking, len(queries), settings)
    tune = take_sample(hits, ranking, queries, queries.halves["tune"], weights)
    tuned = {label: threshold(tune, p) for label, p in settings.precision_labels.items()}
    n_tune = int(tune.chosen.sum())

    estimates: dict[str, list[Estimate]] = {}
    for transform, chosen in queries.transforms.items():
        sample = take_sample(hits, ranking, queries, chosen, weights)
        half = chosen & queries.halves["report"]
        report = take_sample(hits, ranking, queries, half, weights)
        found = pooled_measures(sample, settings) + mean_measures(sample, values)
        if transform == ALL:
            found += [
                Estimate(f"tuned_threshold@{label}", ties.NONE, cutoff, n_tune, None, tune.n_groups)
                for label, cutoff in tuned.items()
            ]
        found += held_out_measures(report, tuned)
        found += reported_cutoff_measures(sample, settings)
        estimates[transform] = found

    answerable = np.flatnonzero(queries.in_database)
    by_query = pd.concat(
        pd.DataFrame(
            {
                "query": queries.number[answerable],
                "measure": measure,
                "tie": tie,
                "value": value[answerable],
            }
        )
        for (measure, tie), value in values.items()
    )
    return estimates, by_query


def _metric_row(
    system: System, transform: str, estimate: Estimate, settings: EvaluationSettings
) -> dict[str, object]:
    low, high, interval = estimate.interval(settings.confidence)
    return {
        "variant": system.variant,
        "ranking": system.ranking,
        "transform": transform,
        "measure": estimate.measure,
        "tie": estimate.tie,
        "value": estimate.value,
        "low": low,
        "high": high,
        "interval": interval,
        "n": estimate.n,
    }
