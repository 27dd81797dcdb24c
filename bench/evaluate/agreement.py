"""How far two rankings of the same hits agree, query by query.

``kendall_tau_b``
    Kendall's tau-b of all hits of a query, ties corrected: 1 the same order, 0 unrelated, -1
    reversed. Every pair of hits counts alike, and most hits of a query are unrelated to it, so it
    mostly tells whether the two agree about noise. Undefined where a ranking gives all hits one
    value.
``rbo@0.9``
    Rank-biased overlap with persistence 0.9, in which the first ten places have 86 % of the weight
    (Webber, Moffat and Zobel, "A similarity measure for indefinite rankings", ACM TOIS 28(4),
    2010), extrapolated. Ties count at the mean over all orders, each equally likely, which is the
    rule of `bench.evaluate.ties` and the variant *a* of Corsi and Urbano, "The Treatment of Ties
    in Rank-Biased Overlap", SIGIR 2024. Unrelated orders of n hits have 10 / n.

Both are of the hits the engine returned, which it chose by score: a document that distance would
have put first and that is not among them does not show. Means are over the queries in which the
measure is defined, those without a right answer included; how many are left out, and why, is told.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numba import njit

from bench.evaluate import ties
from bench.evaluate.arrays import Floats, Weights
from bench.evaluate.estimates import mean_over_queries
from bench.evaluate.hits import Hits
from bench.evaluate.inputs import Queries
from bench.evaluate.rankings import RANKINGS
from bench.evaluate.sample import take_sample

PERSISTENCE = 0.9
"""The p of rank-biased overlap: the chance of looking one place further down."""

PAIRS: tuple[tuple[str, str], ...] = (
    ("score", "distance"),
    ("score", "sign_distance"),
    ("sign_distance", "distance"),
)
"""The rankings that are compared, where the hits have both."""


_compiled: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(cache=True, nogil=True)


@_compiled
def _compare_pairs(a: Floats, b: Floats) -> tuple[int, int, int]:
    """Count pairs: those in the same order less those reversed, those untied in each list."""
    agreeing = untied_a = untied_b = 0
    for i in range(len(a)):
        for j in range(i):
            of_a = int(a[i] > a[j]) - int(a[i] < a[j])
            of_b = int(b[i] > b[j]) - int(b[i] < b[j])
            agreeing += of_a * of_b
            untied_a += of_a * of_a
            untied_b += of_b * of_b
    return agreeing, untied_a, untied_b


def kendall_tau_b(a: Floats, b: Floats) -> float:
    """Return Kendall's tau-b of two lists of values.

    -1 to 1; NaN where there are fewer than two hits or one list has one value only. Counted here:
    scipy's `kendalltau` takes most of its millisecond for reading its arguments and for p values.
    """
    agreeing, untied_a, untied_b = _compare_pairs(a, b)
    if not untied_a or not untied_b:
        return float("nan")
    tau: float = agreeing / math.sqrt(untied_a) / math.sqrt(untied_b)
    return min(1.0, max(-1.0, tau))  # removes a last-bit excess


def rank_biased_overlap(a: Floats, b: Floats, persistence: float = PERSISTENCE) -> float:
    """Return the extrapolated rank-biased overlap of two orders of the same items.

    With n items in both lists the agreement at depth n is 1, and extrapolation assumes that it
    stays so: p^n + (1 - p) / p times the sum over depths d of p^d X(d) / d, where X(d) is the
    expected number of items among the first d of both (Webber et al., section 4.3).

    0 to 1; NaN where there are no items.
    """
    if not len(a):
        return float("nan")
    depths = np.arange(1, len(a) + 1)
    both = (_chance_within(a) * _chance_within(b)).sum(axis=0)
    sum_of_depths = (persistence**depths * both / depths).sum()
    overlap = persistence ** len(a) + (1 - persistence) / persistence * sum_of_depths
    return float(min(overlap, 1.0))  # removes a last-bit excess


def _chance_within(values: Floats) -> Floats:
    """Chance of each item to be among the first 1, 2, … of all orders of its ties: [h, h]."""
    ordered = np.sort(-values)
    better = np.searchsorted(ordered, -values, side="left")
    tied = np.searchsorted(ordered, -values, side="right") - better
    places = np.arange(1, len(values) + 1) - better[:, None]
    return np.clip(places / tied[:, None], 0.0, 1.0)


def agreement(
    hits: Hits,
    queries: Queries,
    weights: Weights,
    confidence: float,
    pairs: Sequence[tuple[str, str]] = PAIRS,
) -> list[dict[str, object]]:
    """Return how far the rankings of one variant agree, over all queries and by transform.

    Rows of `bench.evaluate.outputs.AGREEMENT` without the variant; failed queries count as
    ``too_few``.
    """
    rows: list[dict[str, object]] = []
    n_hits = np.bincount(hits.query, minlength=len(queries))
    for pair in pairs:
        if not set(pair) <= set(hits.by_ranking):
            continue
        tau, overlap = np.full(len(queries), np.nan), np.full(len(queries), np.nan)
        for query, a, b in _lists(hits, pair):
            if len(a) >= 2:
                tau[query] = kendall_tau_b(a, b)
                overlap[query] = rank_biased_overlap(a, b)
        for transform, chosen in queries.transforms.items():
            sample = take_sample(hits, RANKINGS[pair[0]], queries, chosen, weights)
            for measure, values in (("kendall_tau_b", tau), (f"rbo@{PERSISTENCE:g}", overlap)):
                counted = chosen & ~np.isnan(values)
                mean = mean_over_queries(sample, measure, ties.NONE, values, counted, is_rate=False)
                row = {"ranking_a": pair[0], "ranking_b": pair[1], "transform": transform}
                too_few = int((chosen & (n_hits < 2)).sum())
                all_tied = int((chosen & (n_hits >= 2) & np.isnan(values)).sum())
                left_out = {"too_few": too_few, "all_tied": all_tied}
                rows.append({**row, **mean.row(confidence), **left_out})
    return rows


def _lists(hits: Hits, pair: tuple[str, str]) -> Iterator[tuple[int, Floats, Floats]]:
    """Yield each query with hits and the goodness of its hits under both rankings."""
    order = np.argsort(hits.query, kind="stable")
    a, b = (RANKINGS[name].goodness(hits.by_ranking[name][order]) for name in pair)
    numbers, starts = np.unique(hits.query[order], return_index=True)
    ends = np.append(starts, len(order))[1:]
    for query, start, end in zip(numbers, starts, ends, strict=True):
        yield int(query), a[start:end], b[start:end]
