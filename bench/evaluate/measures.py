"""The measures of a sample of queries, with the names of the literature.

==========================  =====================================================================
``uAP``                     micro average precision, `bench.evaluate.pooled`
``mAP``                     mean over queries of average precision
``recall@k``                mean over queries of the share of right answers among the first k
``candidate_recall@K``      mean over queries of the share of right answers among the K hits of
                            the engine
``R@P90``                   largest recall at which pooled precision is still 0.90 or more; 0
                            where no cutoff reaches it
``threshold@P90``           the cutoff there: usable as it is as `score_cutoff` (kept: >=) or
                            `distance_cutoff` (kept: <); NaN where no cutoff reaches it. Of a
                            ranking by score, then distance it is one number for both, which
                            `bench.evaluate.rankings.cutoff_pair` reads
``tuned_threshold@P90``     ``threshold@P90`` of the tune half, all transforms together
``held_out_precision@P90``  precision of the report half at the tuned threshold
``held_out_recall@P90``     recall of the report half at the tuned threshold
``precision@distance<c``    pooled precision at the reported distance cutoff
``recall@distance<c``       pooled recall at the reported distance cutoff
==========================  =====================================================================

A query may have several right answers (Holidays, UKBench). What is a mean over queries weighs
each query alike: average precision is over all its right answers, and recall@k is the share of
them among the first k, ``R@k`` of trec_eval and ir_measures, which cannot reach 1 where there are
more than k. What is pooled weighs each right answer alike. With one right answer a query,
``recall@k`` is the share of queries whose right answer is among the first k.

Recall is always over the right answers in the database, those of failed queries included: NaN
where there are none, 0 where nothing was found. Precision is over the pairs returned by all
queries, those without a right answer included. Where nothing is returned precision is NaN, not
1: a system that says nothing has made no claim, and a 1 would enter tables and plots as its
best. A tuned threshold that does not exist returns nothing.

What is not held out is measured on both halves together. Of a transform, the pool is the
queries made with it, those without a right answer included. The held-out measures of a
transform use the threshold tuned on all of them, since a user who does not know how a picture
was edited has one cutoff.

The threshold of a held-out measure is held fixed in the resamples: its interval is about the
report half, not about the tuning.
"""

from collections.abc import Collection, Mapping

import numpy as np

from bench.evaluate import ties
from bench.evaluate.arrays import Floats
from bench.evaluate.bootstrap import Estimate
from bench.evaluate.pooled import last_precise, micro_average_precision, recall_at_precision
from bench.evaluate.rankings import DISTANCE
from bench.evaluate.sample import Sample
from bench.evaluate.settings import EvaluationSettings


def mean_measures(sample: Sample, values: Mapping[tuple[str, str], Floats]) -> list[Estimate]:
    """Return the means of measures per query, over the queries with a right answer.

    Parameters
    ----------
    sample : Sample
        The queries.
    values : mapping of (str, str) to float64[q]
        As `bench.evaluate.per_query.values_per_query` returns them.

    Returns
    -------
    list of Estimate
        ``AP`` becomes ``mAP``.
    """
    counted = sample.answerable
    group = sample.group[counted]
    n_by_group = sample.per_group(counted)
    estimates = []
    for (measure, tie), by_query in values.items():
        sums: Floats = np.bincount(
            group, weights=by_query[counted], minlength=sample.n_groups
        ).astype(np.float64)
        value, samples = sample.resampled_ratio(sums, n_by_group)
        estimates.append(
            Estimate(
                measure="mAP" if measure == "AP" else measure,
                tie=tie,
                value=value,
                n=int(counted.sum()),
                samples=samples,
                n_groups=int((n_by_group > 0).sum()),
                is_rate=measure != "AP",
                is_binomial=_is_binomial(sums, n_by_group),
            )
        )
    return estimates


def pooled_measures(
    sample: Sample,
    settings: EvaluationSettings,
    orders: Collection[str] = (*ties.ORDERS, ties.NONE),
) -> list[Estimate]:
    """Return ``uAP``, ``R@P…`` and ``threshold@P…``.

    Parameters
    ----------
    sample : Sample
        The queries.
    settings : EvaluationSettings
        The precisions.
    orders : collection of str
        The tie labels ``uAP`` is wanted with.

    Returns
    -------
    list of Estimate
    """
    labels = settings.precision_labels
    keys = [("uAP", tie) for tie in orders] + [(f"R@{label}", ties.NONE) for label in labels]
    samples = {key: np.empty(len(sample.weights)) for key in keys}
    values: dict[tuple[str, str], float] = {}

    once = np.ones((1, sample.n_groups), dtype=np.int64)
    for weights, targets in ((once, None), (sample.weights, samples)):
        for rows, counts in sample.pool.resampled(weights):
            found = {("uAP", tie): v for tie, v in micro_average_precision(counts, orders).items()}
            for label, thousandths in labels.items():
                found[f"R@{label}", ties.NONE] = recall_at_precision(counts, thousandths)
            for key, value in found.items():
                if targets is None:
                    values[key] = float(value[0])
                else:
                    targets[key][rows] = value

    n = int(sample.chosen.sum())
    estimates = [
        Estimate(measure, tie, values[measure, tie], n, samples[measure, tie], sample.n_groups)
        for measure, tie in keys
    ]
    for label in labels:
        cutoff = threshold(sample, labels[label])
        estimates.append(
            Estimate(f"threshold@{label}", ties.NONE, cutoff, n, None, sample.n_groups)
        )
    return estimates


def threshold(sample: Sample, thousandths: int) -> float:
    """Return the cutoff of the largest recall at which precision reaches a level.

    Parameters
    ----------
    sample : Sample
        The queries.
    thousandths : int
        The precision, in thousandths.

    Returns
    -------
    float
        Usable as a cutoff as it is; NaN where no cutoff reaches the precision.
    """
    once = np.ones((1, sample.n_groups), dtype=np.int64)
    (_, counts) = next(sample.pool.resampled(once))
    last = int(last_precise(counts, thousandths)[0])
    if last < 0:
        return float("nan")
    return sample.ranking.cutoff_keeping(float(sample.pool.goodness[last]))


def cutoff_measures(sample: Sample, names: tuple[str, str], cutoff: float) -> list[Estimate]:
    """Return precision and recall at a fixed cutoff.

    Parameters
    ----------
    sample : Sample
        The queries.
    names : (str, str)
        Names of the precision and of the recall.
    cutoff : float
        The cutoff; NaN returns nothing.

    Returns
    -------
    list of Estimate
    """
    right, wrong = sample.at_cutoff(cutoff)
    returned = right + wrong
    precision, recall = names
    estimates = []
    for name, part, whole, n in (
        (precision, right, returned, int(sample.chosen.sum())),
        (recall, right, sample.n_right, int(sample.answerable.sum())),
    ):
        value, samples = sample.resampled_ratio(part, whole)
        n_groups = int((whole > 0).sum())
        estimates.append(
            Estimate(
                measure=name,
                tie=ties.NONE,
                value=value,
                n=n,
                samples=samples,
                n_groups=n_groups,
                is_rate=True,
                is_binomial=_is_binomial(part, whole),
            )
        )
    return estimates


def _is_binomial(part: Floats, whole: Floats) -> bool:
    """Tell whether each group has one case at most, which counts as a whole or not at all."""
    return bool((whole <= 1).all() and np.isin(part, (0, 1)).all())


def reported_cutoff_measures(sample: Sample, settings: EvaluationSettings) -> list[Estimate]:
    """Return precision and recall at the reported distance cutoff; none of other rankings."""
    if sample.ranking.name != DISTANCE.name:
        return []
    cutoff = settings.reported_distance_cutoff
    names = (f"precision@distance<{cutoff:g}", f"recall@distance<{cutoff:g}")
    return cutoff_measures(sample, names, cutoff)


def held_out_measures(report: Sample, tuned: Mapping[str, float]) -> list[Estimate]:
    """Return precision and recall of the report half at the tuned thresholds.

    Parameters
    ----------
    report : Sample
        Queries of the report half.
    tuned : mapping of str to float
        By label of the precision, the threshold tuned on the tune half.

    Returns
    -------
    list of Estimate
    """
    estimates = []
    for label, cutoff in tuned.items():
        names = (f"held_out_precision@{label}", f"held_out_recall@{label}")
        estimates += cutoff_measures(report, names, cutoff)
    return estimates
