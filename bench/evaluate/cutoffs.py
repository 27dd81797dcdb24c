"""The cutoff for a wanted precision, and whether the sample can show that it keeps it.

A cutoff is tuned on one half of the queries and tried on the other: ``held_out_precision`` and
``held_out_recall`` of `bench.evaluate.measures`, with their intervals. Two questions follow, and
both are answered with Wilson's score interval over the kept pairs of the report half:

- Can so many pairs show the precision at all? With all n of them right the lower bound is
  n / (n + z²), so a precision P takes n >= z² P / (1 - P): 35 pairs for 0.90, 381 for 0.99 and
  3,838 for 0.999 at 95 %. These are ``pairs_needed``; it is the fewest there can be.
- Do they show it? The verdict of the interval by group, `bench.evaluate.rates`.
"""

import math

from scipy.stats import norm

from bench.evaluate.measures import held_out_measures, threshold
from bench.evaluate.rates import rate_interval, verdict
from bench.evaluate.sample import Sample
from bench.evaluate.settings import EvaluationSettings


def pairs_needed(thousandths: int, confidence: float) -> float:
    """Return the fewest kept pairs that can show a precision, all of them right.

    Examples
    --------
    >>> [pairs_needed(each, 0.95) for each in (900, 990, 999, 1000)]
    [35.0, 381.0, 3838.0, inf]
    """
    if thousandths >= 1000:
        return math.inf
    z = float(norm.isf((1 - confidence) / 2))
    return 1.0 * math.ceil(z**2 * thousandths / (1000 - thousandths))


def tuned_cutoffs(
    tune: Sample, report: Sample, settings: EvaluationSettings
) -> list[dict[str, object]]:
    """Return the cutoff of each precision, as tuned on one half and tried on the other.

    Returns
    -------
    list of dict
        One a precision: ``target`` (label), ``precision``, ``cutoff`` (NaN where no cutoff
        reaches the precision on the tune half), ``kept`` and ``kept_right`` (pairs of the report
        half), ``held_out_precision`` and ``held_out_recall``, each with ``_low`` and ``_high``
        (bootstrap), ``precision_wilson_low`` and ``precision_wilson_high``, ``pairs_needed``,
        ``can_be_shown`` (kept >= pairs needed) and ``verdict``.
    """
    rows: list[dict[str, object]] = []
    for label, thousandths in settings.precision_labels.items():
        cutoff = threshold(tune, thousandths)
        precision, recall = held_out_measures(report, {label: cutoff})
        right, wrong = report.at_cutoff(cutoff)
        n_kept = int((right + wrong).sum())
        low, high = rate_interval(right, right + wrong, settings.confidence)
        needed = pairs_needed(thousandths, settings.confidence)
        row: dict[str, object] = {
            "target": label,
            "precision": thousandths / 1000,
            "cutoff": cutoff,
            "kept": n_kept,
            "kept_right": int(right.sum()),
        }
        for name, found in (("held_out_precision", precision), ("held_out_recall", recall)):
            bounds = found.interval(settings.confidence)
            row |= {name: found.value, f"{name}_low": bounds[0], f"{name}_high": bounds[1]}
        rows.append(
            row
            | {
                "precision_wilson_low": low,
                "precision_wilson_high": high,
                "pairs_needed": needed,
                "can_be_shown": n_kept >= needed,
                "verdict": verdict(low, high, thousandths / 1000, at_least=True),
            }
        )
    return rows
