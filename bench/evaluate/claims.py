"""Claims people make about match scores, checked one by one.

The claims are about signatures as image-match indexes them, N = 63 words of k = 16 values. Each is
turned into one or two conditions on a share, with a bound that is chosen here; the interval of the
measured share gives a verdict (`bench.evaluate.rates.verdict`).

"Right" is a document of which the query is an edited copy. Documents of the same scene, which are
neither right nor wrong, are not counted. How many hits of a score are wrong depends on how many
documents there are and how many queries have no match; the shares are those of the run. Intervals
are Wilson's, by group (`bench.evaluate.rates`), but for the difference of two F1, which is
bootstrapped.

How high queries without a match score, `unmatched_scores`, is told of every variant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from bench.evaluate.arrays import Bools, Floats, Weights, sums
from bench.evaluate.bootstrap import percentile_interval
from bench.evaluate.hits import Hits
from bench.evaluate.inputs import Queries
from bench.evaluate.pooled import ratio
from bench.evaluate.rankings import DISTANCE, SCORE
from bench.evaluate.rates import share, verdict
from bench.evaluate.sample import Sample, take_sample
from bench.evaluate.settings import EvaluationSettings


def unmatched_queries(queries: Queries) -> Bools:
    """Return which queries were searched for and have no right answer: ``bool[q]``."""
    return queries.signed & ~queries.in_database


def best_scores(hits: Hits, queries: Queries) -> Floats:
    """Return the score of the best hit of each query, ``float64[q]``; 0 where there is none."""
    best = np.zeros(len(queries))
    np.maximum.at(best, hits.query, hits.by_ranking[SCORE.name])
    return best


def unmatched_scores(hits: Hits, queries: Queries, confidence: float) -> list[dict[str, object]]:
    """Return how high queries without a match score: what a score cutoff has to stay above.

    Rows of `bench.evaluate.outputs.UNMATCHED_SCORES` without the variant, a score from 0 to the
    highest each.
    """
    unmatched = unmatched_queries(queries)
    best, group = best_scores(hits, queries)[unmatched], queries.group[unmatched]
    whole = sums(group, queries.n_groups)
    rows: list[dict[str, object]] = []
    for score in range(int(best.max(initial=-1)) + 1):
        reached = sums(group[best >= score], queries.n_groups)
        row: dict[str, object] = {"score": score, "queries": int((best == score).sum())}
        rows.append(row | share(reached, whole, confidence))
    return rows


CLAIMED_N, CLAIMED_K = 63, 16
"""The word count and the word length the claims are about."""

CLAIMED_CUTOFF = 0.45
"""The distance cutoff the claims are about."""

EXACT = "A score of 63 is exact."
IDENTICAL = "Scores from 20 to 60 are almost identical pictures."
SIMILAR = "Scores from 10 to 20 are very similar pictures."
NO_MATCH = "Below 9 there is no match."
MARGINAL = "Queries without a match have marginal hits around score 7."
CUTOFF = "0.45 is the distance cutoff."
PAIRS = "Pairs such as score 12 at distance 0.474 are matches that the distance cutoff rejects."

Cases = tuple[Floats, Floats]
"""Cases that count, and all cases, of each query: ``float64[q]`` each."""

CasesOf = Callable[[Hits, Queries], Cases]


@dataclass(frozen=True)
class Requirement:
    """What would have to be true for a claim to hold."""

    claim: str  # in the words people use
    condition: str  # what is checked, bound included
    cases: CasesOf
    bound: float  # of the share
    at_least: bool  # else at most


def _score(hits: Hits) -> Floats:
    return hits.by_ranking[SCORE.name]


def _distance(hits: Hits) -> Floats:
    """Distance of each hit; NaN, which no condition keeps, where no signature is stored."""
    return hits.by_ranking.get(DISTANCE.name, np.full(len(hits.query), np.nan))


def _per_query(hits: Hits, queries: Queries, counts: Bools, among: Bools) -> Cases:
    n = len(queries)
    return sums(hits.query[counts & among], n), sums(hits.query[among], n)


def _right_of_scores(low: int, high: int) -> CasesOf:
    def cases(hits: Hits, queries: Queries) -> Cases:
        return _per_query(hits, queries, hits.right, (_score(hits) >= low) & (_score(hits) <= high))

    return cases


def _distance_0_of_63(hits: Hits, queries: Queries) -> Cases:
    distance = _distance(hits)
    among = (_score(hits) == CLAIMED_N) & ~np.isnan(distance)
    return _per_query(hits, queries, distance == 0, among)


def _below_9_of_right(hits: Hits, queries: Queries) -> Cases:
    return _per_query(hits, queries, _score(hits) < 9, hits.right)


def _best_of_unmatched(low: int, high: int) -> CasesOf:
    def cases(hits: Hits, queries: Queries) -> Cases:
        best, unmatched = best_scores(hits, queries), unmatched_queries(queries)
        counts = unmatched & (best >= low) & (best <= high)
        return counts.astype(np.float64), unmatched.astype(np.float64)

    return cases


def _right_below_cutoff(hits: Hits, queries: Queries) -> Cases:
    return _per_query(hits, queries, hits.right, _distance(hits) < CLAIMED_CUTOFF)


def _kept_below_cutoff(hits: Hits, queries: Queries) -> Cases:
    right, _ = _right_below_cutoff(hits, queries)
    stored = DISTANCE.name in hits.by_ranking
    return right, queries.n_right.astype(np.float64) * stored


def _rejected(hits: Hits) -> Bools:
    return (_score(hits) >= 10) & (_distance(hits) >= CLAIMED_CUTOFF)


def _right_of_rejected(hits: Hits, queries: Queries) -> Cases:
    return _per_query(hits, queries, hits.right, _rejected(hits))


def _rejected_of_right(hits: Hits, queries: Queries) -> Cases:
    right = _per_query(hits, queries, _rejected(hits), hits.right)
    return right if DISTANCE.name in hits.by_ranking else (right[0], np.zeros(len(queries)))


def _at(end: str, percent: int, claim: str, what: str, cases: CasesOf) -> Requirement:
    condition = f"at {end} {percent} % of {what}"
    return Requirement(claim, condition, cases, percent / 100, at_least=end == "least")


_at_least, _at_most = partial(_at, "least"), partial(_at, "most")

REQUIREMENTS: tuple[Requirement, ...] = (
    _at_least(99, EXACT, "the hits of score 63 are right", _right_of_scores(63, 63)),
    _at_least(99, EXACT, "the hits of score 63 have distance 0", _distance_0_of_63),
    _at_least(99, IDENTICAL, "the hits of score 20 to 60 are right", _right_of_scores(20, 60)),
    _at_least(90, SIMILAR, "the hits of score 10 to 19 are right", _right_of_scores(10, 19)),
    _at_most(1, NO_MATCH, "the hits below score 9 are right", _right_of_scores(1, 8)),
    _at_most(1, NO_MATCH, "the right hits score below 9", _below_9_of_right),
    _at_least(
        50, MARGINAL, "the queries without a match have a best score of 6 to 8",
        _best_of_unmatched(6, 8),
    ),
    _at_most(
        5, MARGINAL, "the queries without a match have a best score of 9 or more",
        _best_of_unmatched(9, CLAIMED_N),
    ),
    _at_least(90, CUTOFF, "the hits below distance 0.45 are right", _right_below_cutoff),
    _at_least(90, CUTOFF, "the right answers are below distance 0.45", _kept_below_cutoff),
    _at_least(
        90, PAIRS, "the hits of score 10 or more at distance 0.45 or more are right",
        _right_of_rejected,
    ),
    _at_least(
        1, PAIRS, "the right hits score 10 or more at distance 0.45 or more", _rejected_of_right
    ),
)  # fmt: skip
"""The conditions, in the order of the report."""


def check_claims(
    hits: Hits, queries: Queries, weights: Weights, settings: EvaluationSettings
) -> list[dict[str, object]]:
    """Check the claims on one variant.

    Rows of `bench.evaluate.outputs.CLAIMS` without the variant: one a condition, and one on the
    best distance cutoff. Where the sample has no cases, as of distances where no signature is
    stored, n is 0.
    """
    rows: list[dict[str, object]] = []
    for each in REQUIREMENTS:
        part, whole = (
            sums(queries.group, queries.n_groups, cases) for cases in each.cases(hits, queries)
        )
        found = share(part, whole, settings.confidence)
        row = {"claim": each.claim, "condition": each.condition, "value": found.pop("share")}
        judged = verdict(found["low"], found["high"], each.bound, each.at_least)
        rows.append({**row, **found, "bound": each.bound, "verdict": judged})
    return [*rows, _best_cutoff(hits, queries, weights, settings)]


def _best_cutoff(
    hits: Hits, queries: Queries, weights: Weights, settings: EvaluationSettings
) -> dict[str, object]:
    """Compare F1 at 0.45 with F1 at the best cutoff, chosen on one half, on the other half."""
    value = low = high = float("nan")
    n_queries = 0
    if DISTANCE.name in hits.by_ranking:
        tune, report = (
            take_sample(hits, DISTANCE, queries, queries.halves[half], weights)
            for half in ("tune", "report")
        )
        cutoffs = DISTANCE.cutoffs(CLAIMED_N)
        parts = [_f1_parts(tune, cutoff) for cutoff in cutoffs.tolist()]
        sums = np.array([(part.sum(), whole.sum()) for part, whole in parts])
        of_tune = ratio(sums[:, 0], sums[:, 1])
        if not np.isnan(of_tune).all():
            chosen = float(cutoffs[np.nanargmax(of_tune)])
            best, best_samples = report.resampled_ratio(*_f1_parts(report, chosen))
            claimed, claimed_samples = report.resampled_ratio(*_f1_parts(report, CLAIMED_CUTOFF))
            value = best - claimed
            if report.n_groups >= 2:
                low, high = percentile_interval(best_samples - claimed_samples, settings.confidence)
            n_queries = int(report.chosen.sum())
    return {
        "claim": CUTOFF,
        "condition": "F1 at 0.45 is at most 0.01 below F1 at the best cutoff of the other half",
        "value": value,
        "low": low,
        "high": high,
        "n": n_queries,
        "bound": 0.01,
        "verdict": verdict(low, high, 0.01, at_least=False),
    }


def _f1_parts(sample: Sample, cutoff: float) -> tuple[Floats, Floats]:
    """Numerator and denominator of F1 of the pairs a cutoff keeps, by group."""
    right, wrong = sample.at_cutoff(cutoff)
    return 2 * right, right + wrong + sample.n_right
