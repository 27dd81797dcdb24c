"""Differences of two systems, resampled in pairs, and what they show.

Both systems see the same resamples of whole groups of queries, so what varies is their
difference, not how hard the drawn queries are. The comparisons of one measure are one family,
corrected together: each measure is one question, asked of all pairs.

``p`` is two-sided: twice the smaller share of resamples in which the difference is at most, or at
least, 0, with one counted on top in numerator and denominator, so that it is never 0 (Davison and
Hinkley, "Bootstrap Methods and their Application", 1997, section 4.2 for the added one; the
inversion of the percentile interval is that of Efron and Tibshirani, "An Introduction to the
Bootstrap", 1993, section 15.4). B resamples resolve no p below 2 / (B + 1).

``p_holm`` is corrected by Holm's method ("A simple sequentially rejective multiple test
procedure", 1979) over a family of m comparisons. It cannot be below 2 m / (B + 1), so many
comparisons take many resamples: at 95 %, 39 for one and 19,999 for 500.

``detectable`` is the smallest true difference that a sample such as this shows in 80 of 100 cases:
(z(1 - a / 2) + z(0.8)) times the standard error, with a = (1 - confidence) / m, the first step of
Holm's method (Bloom, "Minimum detectable effects", Evaluation Review 19(5), 1995). A difference
that is not shown, of systems with a large detectable one, is not a sign that they are equal.

The resamples of one system take about 80 kB a measure at 10,000 of them, a megabyte in all. The
usual comparisons are within a variant and with the first one, so `PairedComparisons`, which drops
them after the last comparison they are needed for, holds those of two variants at a time.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import norm

from bench.evaluate import ties
from bench.evaluate.arrays import Floats
from bench.evaluate.bootstrap import Estimate, percentile_interval
from bench.evaluate.rankings import DISTANCE, SCORE
from bench.evaluate.settings import System

POWER = 0.8
"""Chance with which a difference as large as ``detectable`` is shown."""


def two_sided_p(differences: Floats) -> float:
    """Return the two-sided bootstrap p value of a difference.

    Of ``float64[b]``, NaN where undefined, which is left out: 2 / (b + 1) to 1, NaN where no
    resample defines the difference.
    """
    defined = differences[~np.isnan(differences)]
    if not len(defined):
        return float("nan")
    smaller = min((defined <= 0).sum(), (defined >= 0).sum())
    return min(1.0, 2 * (1 + int(smaller)) / (1 + len(defined)))


def holm(p_values: Sequence[float]) -> list[float]:
    """Correct p values of one family by Holm's method; NaN stays NaN and is not counted."""
    values = np.array(p_values, dtype=np.float64)
    defined = np.flatnonzero(~np.isnan(values))
    order = defined[np.argsort(values[defined], kind="stable")]
    # Three lines rather than statsmodels' multipletests, which collects garbage, 0.1 s, each call.
    scaled = values[order] * np.arange(len(order), 0, -1)
    values[order] = np.minimum(np.maximum.accumulate(scaled), 1.0)
    return [float(p) for p in values]


def detectable_difference(standard_error: float, n_comparisons: int, confidence: float) -> float:
    """Return the smallest true difference shown with a chance of `POWER`.

    NaN where the standard error is 0 or NaN: systems that never differ say nothing of the
    differences others would show.
    """
    if not standard_error > 0:
        return float("nan")
    level = (1 - confidence) / max(1, n_comparisons)
    return float((norm.isf(level / 2) + norm.ppf(POWER)) * standard_error)


Estimates = Mapping[tuple[str, str], Estimate]
"""Estimates by measure and tie label."""


def comparable(estimates: Sequence[Estimate]) -> dict[tuple[str, str], Estimate]:
    """Keep the estimates that are compared: resampled, and of one value a measure.

    That value is the expected one where ties are broken, else the one without an order.
    """
    ordered = {e.measure for e in estimates if e.tie == ties.EXPECTED}
    return {
        (e.measure, e.tie): e
        for e in estimates
        if e.samples is not None
        and (e.tie == ties.EXPECTED or (e.tie == ties.NONE and e.measure not in ordered))
    }


def default_pairs(systems: Sequence[System]) -> list[tuple[System, System]]:
    """Choose the pairs that answer the usual questions, few enough to be corrected for.

    Within a variant every ranking against ``score``, and against ``distance`` where there is one.
    Between variants every ranking against the same one of the first variant, and ``score`` against
    ``distance`` both ways: whether a smaller index ranked by score is as good as the first by
    distance.
    """
    standards = (SCORE.name, DISTANCE.name)
    rankings: dict[str, list[str]] = {}
    for variant, ranking in systems:
        rankings.setdefault(variant, []).append(ranking)
    pairs = []
    for variant, names in rankings.items():
        for place, standard in enumerate(standards):
            others = [name for name in names if name not in standards[: place + 1]]
            if standard in names:
                pairs += [(System(variant, each), System(variant, standard)) for each in others]
    (first, of_first), *rest = rankings.items()
    for variant, names in rest:
        for name in names:
            bases = standards if name in standards else (name,)
            pairs += [
                (System(variant, name), System(first, base)) for base in bases if base in of_first
            ]
    return pairs


def differences(
    estimates: Mapping[System, Estimates], pairs: Sequence[tuple[System, System]], confidence: float
) -> list[dict[str, Any]]:
    """Compare systems measure by measure, each pair for itself.

    Rows of `bench.evaluate.outputs.COMPARISONS` without what depends on the other pairs, one a pair
    and measure that both have. All but the difference is NaN where there is no interval.
    """
    rows: list[dict[str, Any]] = []
    for a, b in pairs:
        for key, of_a in estimates[a].items():
            of_b = estimates[b].get(key)
            if of_b is None or of_a.samples is None or of_b.samples is None:
                continue
            difference = of_a.value - of_b.value
            low = high = error = p = float("nan")
            if min(of_a.n_groups, of_b.n_groups) >= 2 and not math.isnan(difference):
                resampled = of_a.samples - of_b.samples
                low, high = percentile_interval(resampled, confidence)
                error, p = _standard_error(resampled), two_sided_p(resampled)
            row = {"variant_a": a.variant, "ranking_a": a.ranking}
            row |= {"variant_b": b.variant, "ranking_b": b.ranking}
            found = {"difference": difference, "low": low, "high": high}
            found |= {"standard_error": error, "p": p}
            rows.append({**row, "measure": of_a.measure, "tie": of_a.tie, **found})
    return rows


def _standard_error(differences: Floats) -> float:
    defined = differences[~np.isnan(differences)]
    return float(defined.std(ddof=1)) if len(defined) > 1 else float("nan")


def corrected(rows: Sequence[dict[str, Any]], confidence: float) -> list[dict[str, Any]]:
    """Add ``p_holm`` and ``detectable``, which depend on all pairs; NaN where ``p`` is."""
    families: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(rows):
        families.setdefault((row["measure"], row["tie"]), []).append(place)
    found = [dict(row) for row in rows]
    for family in families.values():
        p_values = [rows[place]["p"] for place in family]
        n_tests = sum(not math.isnan(p) for p in p_values)
        for place, p_holm in zip(family, holm(p_values), strict=True):
            error = rows[place]["standard_error"]
            found[place]["p_holm"] = p_holm
            found[place]["detectable"] = detectable_difference(error, n_tests, confidence)
    return found


class PairedComparisons:
    """Comparisons of systems that come one by one."""

    def __init__(self, pairs: Sequence[tuple[System, System]], confidence: float) -> None:
        self._waiting = dict(enumerate(pairs))
        self._confidence = confidence
        self._held: dict[System, Estimates] = {}
        self._rows: dict[int, list[dict[str, Any]]] = {}

    @property
    def held(self) -> set[System]:
        """The systems whose resamples are still needed."""
        return set(self._held)

    def add(self, system: System, estimates: Estimates) -> None:
        """Make the comparisons of a system with those that came before it."""
        self._held[system] = estimates
        ready = {n: pair for n, pair in self._waiting.items() if self._held.keys() >= set(pair)}
        for number, pair in ready.items():
            self._rows[number] = differences(self._held, [pair], self._confidence)
            del self._waiting[number]
        needed = {each for pair in self._waiting.values() for each in pair}
        self._held = {each: found for each, found in self._held.items() if each in needed}

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of all pairs in their order, corrected for their number."""
        ordered = [row for number in sorted(self._rows) for row in self._rows[number]]
        return corrected(ordered, self._confidence)
