"""Differences of two systems, resampled in pairs."""

import math
from collections.abc import Mapping, Sequence

from bench.evaluate import ties
from bench.evaluate.bootstrap import percentile_interval
from bench.evaluate.estimate import Estimate
from bench.evaluate.rankings import DISTANCE, SCORE
from bench.evaluate.settings import SettingsError, System

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
    """Pair distance with score in each variant, and all others with those of the first variant.

    Examples
    --------
    >>> systems = [System("a", "score"), System("a", "distance"), System("b", "score")]
    >>> for pair in default_pairs(systems):
    ...     print("/".join(pair[0]), "-", "/".join(pair[1]))
    a/distance - a/score
    b/score - a/score
    b/score - a/distance
    """
    known = set(systems)
    first = [system for system in systems if system.variant == systems[0].variant]
    pairs = []
    for variant in dict.fromkeys(system.variant for system in systems):
        pair = (System(variant, DISTANCE.name), System(variant, SCORE.name))
        if known.issuperset(pair):
            pairs.append(pair)
    pairs += [(s, base) for s in systems if s.variant != systems[0].variant for base in first]
    return pairs


def compare(
    estimates: Mapping[System, Estimates],
    pairs: Sequence[tuple[System, System]],
    confidence: float,
) -> list[dict[str, object]]:
    """Compare systems measure by measure.

    Parameters
    ----------
    estimates : mapping of System to mapping
        The comparable estimates of each system, over the same resamples.
    pairs : sequence of (System, System)
        Which to compare, a - b.
    confidence : float
        Level of the intervals.

    Returns
    -------
    list of dict
        One a pair and measure both have: ``variant_a``, ``ranking_a``, ``variant_b``,
        ``ranking_b``, ``measure``, ``tie``, ``difference``, ``low``, ``high``.

    Raises
    ------
    SettingsError
        A pair names a system that was not evaluated.
    """
    rows: list[dict[str, object]] = []
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
            low = high = float("nan")
            if min(of_a.n_groups, of_b.n_groups) >= 2 and not math.isnan(difference):
                low, high = percentile_interval(of_a.samples - of_b.samples, confidence)
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
                }
            )
    return rows
