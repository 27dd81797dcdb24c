"""Claims people make about match scores, checked one by one.

Each is turned into conditions (`bench.evaluate.conditions`), on which the interval of the measured
share gives a verdict (`bench.evaluate.rates.verdict`).

"Right" is a document of which the query is an edited copy. Documents of the same scene, which are
neither right nor wrong, are not counted. How many hits of a score are wrong depends on how many
documents there are and how many queries have no match; the shares are those of the run. Intervals
are Wilson's, by group (`bench.evaluate.rates`), but for the difference of two F1, which is
bootstrapped.
"""

import numpy as np

from bench.evaluate.arrays import Floats, Weights
from bench.evaluate.bootstrap import percentile_interval
from bench.evaluate.conditions import CLAIMED_CUTOFF, CLAIMED_N, CONDITIONS, CUTOFF
from bench.evaluate.hits import Hits
from bench.evaluate.pooled import ratio
from bench.evaluate.queries import Queries
from bench.evaluate.rankings import DISTANCE
from bench.evaluate.rates import rate_interval, verdict
from bench.evaluate.sample import Sample, take_sample
from bench.evaluate.settings import EvaluationSettings


def check_claims(
    hits: Hits, queries: Queries, weights: Weights, settings: EvaluationSettings
) -> list[dict[str, object]]:
    """Check the claims on one variant.

    Returns
    -------
    list of dict
        One a condition, and one on the best distance cutoff: ``claim``, ``condition``, ``value``
        (the share, or the difference of two F1), ``low``, ``high``, ``n`` (cases), ``bound`` and
        ``verdict`` (``holds``, ``does not hold``, ``cannot be told``). Where the sample has no
        cases, as of distances where no signature is stored, n is 0.
    """
    rows: list[dict[str, object]] = []
    for each in CONDITIONS:
        part, whole = (
            np.bincount(queries.group, cases, queries.n_groups).astype(np.float64)
            for cases in each.cases(hits, queries)
        )
        n_cases = whole.sum()
        low, high = rate_interval(part, whole, settings.confidence)
        rows.append(
            {
                "claim": each.claim,
                "condition": each.condition,
                "value": float(part.sum() / n_cases) if n_cases else float("nan"),
                "low": low,
                "high": high,
                "n": int(n_cases),
                "bound": each.bound,
                "verdict": verdict(low, high, each.bound, each.at_least),
            }
        )
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
