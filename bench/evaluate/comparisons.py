"""Differences of two systems, resampled in pairs.

Both systems see the same resamples of whole groups of queries, so what varies is their
difference, not how hard the drawn queries are.

The columns ``p``, ``p_holm`` and ``detectable`` are explained in `bench.evaluate.significance`. The
comparisons of one measure are one family, corrected together: each measure is one question, asked
of all pairs.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bench.evaluate import ties
from bench.evaluate.arrays import Floats
from bench.evaluate.bootstrap import percentile_interval
from bench.evaluate.estimate import Estimate
from bench.evaluate.rankings import DISTANCE, SCORE
from bench.evaluate.settings import SettingsError, System
from bench.evaluate.significance import detectable_difference, holm, two_sided_p

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

    Examples
    --------
    >>> systems = [System("a", "score"), System("a", "distance"), System("b", "score")]
    >>> for pair in default_pairs(systems):
    ...     print("/".join(pair[0]), "-", "/".join(pair[1]))
    a/distance - a/score
    b/score - a/score
    b/score - a/distance
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
    estimates: Mapping[System, Estimates],
    pairs: Sequence[tuple[System, System]],
    confidence: float,
) -> list[dict[str, Any]]:
    """Compare systems measure by measure, each pair for itself.

    Returns
    -------
    list of dict
        One a pair and measure both have: ``variant_a``, ``ranking_a``, ``variant_b``,
        ``ranking_b``, ``measure``, ``tie``, ``difference``, ``low``, ``high``,
        ``standard_error`` (standard deviation over the resamples) and ``p``. NaN, all but the
        difference, where there is no interval.
    """
    rows: list[dict[str, Any]] = []
    for a, b in pairs:
        for system in (a, b):
            if system not in estimates:
                known = ", ".join("/".join(each) for each in estimates)
                raise SettingsError(
                    f"comparisons name {'/'.join(system)}, which was not evaluated; use {known}"
                )
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
            rows.append(
                {
                    "variant_a": a.variant,
                    "ranking_a": a.ranking,
                    "variant_b": b.variant,
                    "ranking_b": b.ranking,
                    "measure": of_a.measure,
                    "tie": of_a.tie,
                    "difference": difference,
                    "low": low,
                    "high": high,
                    "standard_error": error,
                    "p": p,
                }
            )
    return rows


def _standard_error(differences: Floats) -> float:
    defined = differences[~np.isnan(differences)]
    return float(defined.std(ddof=1)) if len(defined) > 1 else float("nan")


def corrected(rows: Sequence[dict[str, Any]], confidence: float) -> list[dict[str, Any]]:
    """Add what depends on how many systems are compared.

    Returns
    -------
    list of dict
        The rows in their order, with ``p_holm`` and ``detectable``; NaN where ``p`` is.
    """
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
