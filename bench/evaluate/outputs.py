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


def _floats(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "float64")


def _integers(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "int64")


def _bounded(name: str) -> dict[str, str]:
    """Columns of a value and of its interval."""
    return _floats(name, f"{name}_low", f"{name}_high")


#: Rankings: score, distance, sign_distance, score_then_distance, …, hybrid.
_SYSTEM = {"variant": "str", "ranking": "str"}
#: Tie: expected where ties are broken, else none. Only `METRICS` and `PER_QUERY` have optimistic
#: and pessimistic besides.
_MEASURE = {"measure": "str", "tie": "str"}
_ESTIMATE: Mapping[str, str] = {
    **_floats("value", "low", "high"),  # NaN where undefined; interval, NaN where there is none
    # bootstrap; nested, of what is tuned; wilson where each group counts once, or of 0 and 1; none
    "interval": "str",
    "n": "int64",  # queries counted: with a right answer for means and recalls, else all
    "effective_scenes": "float64",  # as many scenes of equally many cases would say as much
}

METRICS: Mapping[str, str] = {
    **_SYSTEM,
    "transform": "str",  # all, or the name of one
    **_MEASURE,
    **_ESTIMATE,
}
"""One row a variant, ranking, transform, measure and tie label."""

BY_PART: Mapping[str, str] = {
    **_SYSTEM,
    "of": "str",  # stratum, origin, kind, texture
    "part": "str",
    **_MEASURE,
    **_ESTIMATE,
}
"""One row a variant, ranking by score or distance, part of the queries, and measure that has an
interval, `bench.evaluate.parts`."""

GAPS: Mapping[str, str] = {
    "variant": "str",
    "of": "str",  # as in `BY_PART`; edit
    "part": "str",
    **_MEASURE,
    "difference": "float64",  # ranked by distance, less ranked by score
    **_floats("low", "high"),
    "n": "int64",
    "effective_scenes": "float64",
}
"""One row a variant that ranks by both, part of the queries, and measure."""

TOP: Mapping[str, str] = {
    **_SYSTEM,
    "top": "int64",  # results that are looked at
    "queries": "str",  # matched: with a right answer in the database; unmatched
    **_MEASURE,
    **_ESTIMATE,
}
"""One row a variant, ranking, number of results, kind of query and measure, `bench.evaluate.top`.
"""

PER_QUERY: Mapping[str, str] = {**_SYSTEM, "query": "int64", **_MEASURE, "value": "float64"}
"""One row a variant, ranking, measure of a single query, tie label and query with a right answer.
"""

CURVES: Mapping[str, str] = {
    **_SYSTEM,
    "half": "str",  # all, tune, report
    "cutoff": "float64",  # score: kept if >=; distance: kept if <
    **_integers("tp", "fp"),  # right and wrong pairs kept
    "n_right": "int64",  # right answers in the database
    **_bounded("precision"),  # tp / (tp + fp); NaN where nothing is kept
    **_bounded("recall"),  # tp / n_right; NaN where n_right is 0
}
"""One row a variant, ranking, half and cutoff."""

COMPARISONS: Mapping[str, str] = {
    **dict.fromkeys(("variant_a", "ranking_a", "variant_b", "ranking_b"), "str"),
    **_MEASURE,
    "difference": "float64",  # a - b
    **_floats("low", "high"),
    "standard_error": "float64",  # standard deviation over the resamples
    "p": "float64",
    "p_holm": "float64",  # corrected over the pairs compared in this measure
    "detectable": "float64",  # smallest difference such a sample shows in 80 of 100 cases
}
"""One row a pair of systems and measure."""

HYBRID: Mapping[str, str] = {
    "variant": "str",
    **_integers("band_low", "band_high"),  # band_low <= score < band_high; equal: empty
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
    **_SYSTEM,
    "target": "str",  # label of the precision
    "precision": "float64",  # the precision aimed at
    "cutoff": "float64",  # tuned on the tune half; NaN where none reaches the precision there
    **_integers("kept", "kept_right"),  # these and what follows: pairs of the report half
    **_bounded("held_out_precision"),
    **_bounded("held_out_recall"),
    "missed": "float64",  # share of the resamples in which the precision is not reached
    "pairs_needed": "float64",  # for the precision to be shown
    "can_be_shown": "bool",
    "verdict": "str",
}
"""One row a variant, ranking and precision, `bench.evaluate.cutoffs`."""

LOSSES: Mapping[str, str] = {
    **_SYSTEM,
    "transform": "str",
    "target": "str",  # label of the precision the cutoff was tuned for
    "cutoff": "float64",
    "fate": "str",  # as in `bench.evaluate.losses`
    **_floats("count", "share", "low", "high"),  # count: right answers of the report half
    "n": "int64",
}
"""One row a variant, ranking, transform, precision and fate, `bench.evaluate.losses`."""

AGREEMENT: Mapping[str, str] = {
    **dict.fromkeys(("variant", "ranking_a", "ranking_b", "transform", "measure"), "str"),
    **_ESTIMATE,
    "too_few": "int64",  # queries left out: fewer than two hits
    "all_tied": "int64",  # queries left out: a ranking ties all hits
}
"""One row a variant, pair of rankings, transform and measure, `bench.evaluate.agreement`."""

GROWTH: Mapping[str, str] = {
    **_SYSTEM,
    "documents": "int64",
    "target": "str",  # label of the precision
    "rule": "str",  # own, fixed
    "cutoff": "float64",
    **_bounded("precision"),
    **_bounded("recall"),
    **_integers("queries", "incomplete"),
}
"""One row a variant, ranking of one column, size, precision and rule, `bench.evaluate.growth`."""

WRONG_PAIRS: Mapping[str, str] = {
    **_SYSTEM,
    "cutoff": "float64",
    **_integers("queries", "documents", "wrong_pairs"),
    "exposures": "int64",  # queries times documents
    **_bounded("rate"),  # wrong pairs an exposure
    **_floats("tail_rate", "tail_low", "tail_high"),  # of the fitted tail
    "incomplete": "int64",  # queries of which pairs may be missing
    **_integers("right_pairs", "right_answers"),
    **_bounded("recall"),
}
"""One row a variant, ranking but the hybrid one, and cutoff, `bench.evaluate.wrong_pairs`."""

CLAIMS: Mapping[str, str] = {
    **dict.fromkeys(("variant", "claim", "condition"), "str"),
    **_floats("value", "low", "high"),  # the share, or the difference of two F1
    "n": "int64",  # cases
    "bound": "float64",
    "verdict": "str",  # holds, does not hold, cannot be told
}
"""One row a variant and condition of a claim, `bench.evaluate.claims`."""

UNMATCHED_SCORES: Mapping[str, str] = {
    "variant": "str",
    "score": "int64",
    "queries": "int64",  # without a right answer whose best hit has this score
    **_floats("share", "low", "high"),  # of those whose best hit has this score or more
    "n": "int64",
}
"""One row a variant and score, `bench.evaluate.claims`."""

TABLES: Mapping[str, Mapping[str, str]] = {
    "metrics": METRICS,
    "by_part": BY_PART,
    "gaps": GAPS,
    "top": TOP,
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
    """Give rows the columns of a table."""
    table = rows.reindex(columns=list(columns)) if rows.empty else rows[list(columns)]
    return table.astype(dict(columns)).reset_index(drop=True)
