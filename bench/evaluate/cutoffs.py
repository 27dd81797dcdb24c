"""The cutoff for a wanted precision, and whether the sample can show that it keeps it.

A cutoff is tuned on one half of the queries and tried on the other: ``held_out_precision`` and
``held_out_recall`` of `bench.evaluate.held_out`, with their intervals. Two questions follow, and
for the first Wilson's score interval over the kept pairs of the report half is taken:

- Can so many pairs show the precision at all? With all n of them right its lower bound is
  n / (n + z²), so a precision P takes n >= z² P / (1 - P): 35 pairs for 0.90, 381 for 0.99 and
  3,838 for 0.999 at 95 %. These are ``pairs_needed``; it is the fewest there can be.
- Do they show it? The verdict of the nested interval, which is about what such a tuning reaches and
  not about this one cutoff. ``missed`` says how often it fell short.
"""

import math
from collections.abc import Mapping

import numpy as np
from scipy.stats import norm

from bench.evaluate.bootstrap import Estimate
from bench.evaluate.held_out import Tuned, held_out_measures
from bench.evaluate.rates import verdict
from bench.evaluate.sample import Sample
from bench.evaluate.settings import EvaluationSettings


def pairs_needed(thousandths: int, confidence: float) -> float:
    """Return the fewest kept pairs that can show a precision, all of them right."""
    if thousandths >= 1000:
        return math.inf
    z = float(norm.isf((1 - confidence) / 2))
    return 1.0 * math.ceil(z**2 * thousandths / (1000 - thousandths))


def tuned_cutoffs(
    report: Sample, drawn: Sample, tuned: Mapping[str, Tuned], settings: EvaluationSettings
) -> list[dict[str, object]]:
    """Return the cutoff of each precision, as tuned on one half and tried on the other.

    Rows of `bench.evaluate.outputs.CUTOFFS` without the system. The samples are the report half as
    split, and what was drawn of all queries for reporting.
    """
    rows: list[dict[str, object]] = []
    for label, thousandths in settings.precision_labels.items():
        each = tuned[label]
        precision, recall = held_out_measures(report, drawn, {label: each})
        right, wrong = report.at_cutoff(each.cutoff)
        n_kept = int((right + wrong).sum())
        needed = pairs_needed(thousandths, settings.confidence)
        row: dict[str, object] = {"target": label, "precision": thousandths / 1000}
        row |= {"cutoff": each.cutoff, "kept": n_kept, "kept_right": int(right.sum())}
        row |= precision.columns("held_out_precision", settings.confidence)
        row |= recall.columns("held_out_recall", settings.confidence)
        row |= {"missed": _missed(precision, thousandths)}
        row |= {"pairs_needed": needed, "can_be_shown": n_kept >= needed}
        low, high, _ = precision.interval(settings.confidence)
        row["verdict"] = verdict(low, high, thousandths / 1000, at_least=True)
        rows.append(row)
    return rows


def _missed(precision: Estimate, thousandths: int) -> float:
    """Share of the resamples whose cutoff does not reach the precision; having none misses it."""
    if precision.samples is None or not len(precision.samples):
        return math.nan
    return float(np.mean(~(1000 * precision.samples >= thousandths)))
