"""Columns, dtypes and order of the tables an evaluation gives.

Rows come in the order in which they are made, which the input fixes but for the order of its
rows: variants as in ``word_counts``; rankings as in `bench.evaluate.rankings`, ``hybrid`` last;
``all`` before the transforms by name; measures as in `bench.evaluate.measures`; ``all``, ``tune``,
``report``; cutoffs and queries increasing. So the same input gives the same bytes.

The ranking ``hybrid`` is that of the band which `bench.evaluate.hybrid` chose on the tune half:
where a measure is of both halves, it includes the half the band was chosen on. The table
``hybrid`` and the held-out measures do not.
"""

from collections.abc import Mapping

import pandas as pd

from bench.evaluate.measures import BANDS, headlines


def _bounded(name: str) -> dict[str, str]:
    """Columns of a value and of its interval."""
    return dict.fromkeys((name, f"{name}_low", f"{name}_high"), "float64")


_ESTIMATE: Mapping[str, str] = {
    "value": "float64",  # NaN where undefined
    "low": "float64",  # interval; NaN where there is none
    "high": "float64",
    "interval": "str",  # bootstrap; wilson where each group counts once, or of 0 and 1; none
    "n": "int64",  # queries counted: with a right answer for means and recalls, else all
}

METRICS: Mapping[str, str] = {
    "variant": "str",
    "ranking": "str",  # score, distance, sign_distance, score_then_distance, …, hybrid
    "transform": "str",  # all, or the name of one
    "measure": "str",
    "tie": "str",  # optimistic, expected, pessimistic, none
    **_ESTIMATE,
}
"""One row a variant, ranking, transform, measure and tie label."""

BY_STRENGTH: Mapping[str, str] = {
    "variant": "str",
    "ranking": "str",
    "family": "str",  # of transforms that differ in strength
    "strength": "float64",  # NaN: has none
    "measure": "str",
    "tie": "str",  # expected where ties are broken, else none
    **_ESTIMATE,
}
"""One row a variant, ranking, family, strength and measure that has an interval."""

PER_QUERY: Mapping[str, str] = {
    "variant": "str",
    "ranking": "str",
    "query": "int64",
    "measure": "str",  # those that a single query has
    "tie": "str",
    "value": "float64",
}
"""One row a variant, ranking, measure, tie label and query with a right answer."""

CURVES: Mapping[str, str] = {
    "variant": "str",
    "ranking": "str",
    "half": "str",  # all, tune, report
    "cutoff": "float64",  # score: kept if >=; distance: kept if <
    "tp": "int64",  # right pairs kept
    "fp": "int64",  # wrong pairs kept
    "n_right": "int64",  # right answers in the database
    **_bounded("precision"),  # tp / (tp + fp); NaN where nothing is kept
    **_bounded("recall"),  # tp / n_right; NaN where n_right is 0
}
"""One row a variant, ranking, half and cutoff."""

COMPARISONS: Mapping[str, str] = {
    "variant_a": "str",
    "ranking_a": "str",
    "variant_b": "str",
    "ranking_b": "str",
    "measure": "str",
    "tie": "str",  # expected where ties are broken, else none
    "difference": "float64",  # a - b
    "low": "float64",
    "high": "float64",
    "standard_error": "float64",  # standard deviation over the resamples
    "p": "float64",
    "p_holm": "float64",  # corrected over the pairs compared in this measure
    "detectable": "float64",  # smallest difference such a sample shows in 80 of 100 cases
}
"""One row a pair of systems and measure."""

HYBRID: Mapping[str, str] = {
    "variant": "str",
    "band_low": "int64",  # scores of the band: band_low <= score < band_high; equal: empty
    "band_high": "int64",
    "tune_fetched": "float64",  # signatures fetched a query searched, on the tune half
    **{f"tune_{name}": "float64" for name in headlines(BANDS)},  # expected over ties
    "within_margin": "bool",  # on the tune half not worse than distance by more than the margin
    "chosen": "bool",  # of those the cheapest
    "fetched": "float64",  # this and what follows: on the report half
    "share": "float64",  # of all hits
    "n": "int64",  # queries searched
    **{
        column: dtype
        for name in headlines(BANDS)
        for each in (name, f"{name}_difference")  # from ranking by distance, in pairs
        for column, dtype in _bounded(each).items()
    },
}
"""One row a variant with distances and band of scores, `bench.evaluate.hybrid`."""


CUTOFFS: Mapping[str, str] = {
    "variant": "str",
    "ranking": "str",
    "target": "str",  # label of the precision
    "precision": "float64",  # the precision aimed at
    "cutoff": "float64",  # tuned on the tune half; NaN where none reaches the precision there
    "kept": "int64",  # this and what follows: pairs of the report half
    "kept_right": "int64",
    **_bounded("held_out_precision"),
    **_bounded("held_out_recall"),
    "precision_wilson_low": "float64",
    "precision_wilson_high": "float64",
    "pairs_needed": "float64",  # for the precision to be shown
    "can_be_shown": "bool",
    "verdict": "str",
}
"""One row a variant, ranking and precision, `bench.evaluate.cutoffs`."""

LOSSES: Mapping[str, str] = {
    "variant": "str",
    "ranking": "str",
    "transform": "str",
    "target": "str",  # label of the precision the cutoff was tuned for
    "cutoff": "float64",
    "fate": "str",  # as in `bench.evaluate.losses`
    "count": "float64",  # right answers of the report half
    "share": "float64",
    "low": "float64",
    "high": "float64",
    "n": "int64",
}
"""One row a variant, ranking, transform, precision and fate, `bench.evaluate.losses`."""

AGREEMENT: Mapping[str, str] = {
    "variant": "str",
    "ranking_a": "str",
    "ranking_b": "str",
    "transform": "str",
    "measure": "str",
    **_ESTIMATE,
    "too_few": "int64",  # queries left out: fewer than two hits
    "all_tied": "int64",  # queries left out: a ranking ties all hits
}
"""One row a variant, pair of rankings, transform and measure, `bench.evaluate.agreement`."""

GROWTH: Mapping[str, str] = {
    "variant": "str",
    "ranking": "str",
    "documents": "int64",
    "target": "str",  # label of the precision
    "rule": "str",  # own, fixed
    "cutoff": "float64",
    **_bounded("precision"),
    **_bounded("recall"),
    "queries": "int64",
    "incomplete": "int64",
}
"""One row a variant, ranking of one column, size, precision and rule, `bench.evaluate.growth`."""

WRONG_PAIRS: Mapping[str, str] = {
    "variant": "str",
    "ranking": "str",
    "cutoff": "float64",
    "queries": "int64",
    "documents": "int64",
    "wrong_pairs": "int64",
    "exposures": "int64",  # queries times documents
    **_bounded("rate"),  # wrong pairs an exposure
    "tail_rate": "float64",  # of the fitted tail
    "tail_low": "float64",
    "tail_high": "float64",
    "incomplete": "int64",  # queries of which pairs may be missing
    "right_pairs": "int64",
    "right_answers": "int64",
    **_bounded("recall"),
}
"""One row a variant, ranking but the hybrid one, and cutoff, `bench.evaluate.wrong_pairs`."""

CLAIMS: Mapping[str, str] = {
    "variant": "str",
    "claim": "str",
    "condition": "str",
    "value": "float64",  # the share, or the difference of two F1
    "low": "float64",
    "high": "float64",
    "n": "int64",  # cases
    "bound": "float64",
    "verdict": "str",  # holds, does not hold, cannot be told
}
"""One row a variant and condition of a claim, `bench.evaluate.claims`."""

UNMATCHED_SCORES: Mapping[str, str] = {
    "variant": "str",
    "score": "int64",
    "queries": "int64",  # without a right answer whose best hit has this score
    "share": "float64",  # of those whose best hit has this score or more
    "low": "float64",
    "high": "float64",
    "n": "int64",
}
"""One row a variant and score, `bench.evaluate.claims`."""

TABLES: Mapping[str, Mapping[str, str]] = {
    "metrics": METRICS,
    "by_strength": BY_STRENGTH,
    "per_query": PER_QUERY,
    "curves": CURVES,
    "comparisons": COMPARISONS,
    "hybrid": HYBRID,
    "cutoffs": CUTOFFS,
    "losses": LOSSES,
    "agreement": AGREEMENT,
    "growth": GROWTH,
    "wrong_pairs": WRONG_PAIRS,
    "claims": CLAIMS,
    "unmatched_scores": UNMATCHED_SCORES,
}
"""The columns of every table by its name in `bench.evaluate.EvaluationTables`."""


def make_table(rows: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Give rows the columns of a table.

    Examples
    --------
    >>> list(make_table(pd.DataFrame(), COMPARISONS).columns)[:2]
    ['variant_a', 'ranking_a']
    """
    table = rows.reindex(columns=list(columns)) if rows.empty else rows[list(columns)]
    return table.astype(dict(columns)).reset_index(drop=True)
