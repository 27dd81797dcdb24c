"""How many signatures must be fetched for the quality of ranking by distance.

The engine ranks by score and returns no signature. Of the hits whose score leaves doubt, those in
a band ``low <= score < high``, the signatures are then fetched and the hits put in the order of
their distance, `bench.evaluate.rankings.hybrid_ranking`. The wider the band, the more is fetched:
the empty one is ranking by score, the full one, 1 to N, is ranking by distance.

Bands are compared on a grid: `high` is N + 1 (no upper end) or a quarter of N, above which a wrong
hit is rare; `low` is one of `LOWS`. Bands of one `high` are nested.

What is fetched is counted over the queries that were searched for, those without a right answer
included; ignored documents are not counted.

The band of a variant is the one that fetches the least on the tune half while its `MEASURES` there
are not worse than those of distance by more than a margin. What the table reports is measured on
the report half, differences from distance in pairs, as in `bench.evaluate.comparisons`.
"""

from dataclasses import dataclass

import numpy as np

from bench.evaluate import ties
from bench.evaluate.arrays import Weights
from bench.evaluate.bootstrap import Estimate
from bench.evaluate.comparisons import comparable, differences
from bench.evaluate.estimates import pooled_measures
from bench.evaluate.hits import Hits
from bench.evaluate.inputs import Queries
from bench.evaluate.measures import BANDS, headlines, precisions
from bench.evaluate.rankings import DISTANCE, HYBRID, SCORE, Ranking, hybrid_ranking
from bench.evaluate.sample import take_sample
from bench.evaluate.settings import EvaluationSettings, System

LOWS = (1, 2, 3, 4, 5, 6, 8, 12)
"""Lower ends of the bands."""

MEASURES = headlines(BANDS)
"""The measures that a band must not be worse in."""

_PRECISIONS = EvaluationSettings(precisions=precisions(BANDS))
_HYBRID, _DISTANCE = System("", HYBRID), System("", DISTANCE.name)


@dataclass(frozen=True)
class Band:
    """Scores ``low <= score < high``; none where the ends are equal."""

    low: int
    high: int

    @property
    def ranking(self) -> Ranking:
        """The ranking by score and, within the band, by distance."""
        return hybrid_ranking(self.low, self.high)

    def fetched(self, hits: Hits) -> int:
        """Count the hits in the band."""
        score = hits.by_ranking[SCORE.name]
        return int(((score >= self.low) & (score < self.high)).sum())


def bands(word_count: int) -> list[Band]:
    """Return the grid of bands, the empty one first and the full one last.

    >>> [(band.low, band.high) for band in bands(8)]
    [(9, 9), (1, 2), (8, 9), (6, 9), (5, 9), (4, 9), (3, 9), (2, 9), (1, 9)]
    """
    everything = word_count + 1
    highs = sorted({-(-word_count // 4), everything} - {1})
    grid = [Band(low, high) for high in highs for low in reversed(LOWS) if low < high]
    return [Band(everything, everything), *grid]


def hybrid_table(
    hits: Hits, queries: Queries, weights: Weights, word_count: int, settings: EvaluationSettings
) -> tuple[list[dict[str, object]], Band]:
    """Measure every band of one variant, and choose one.

    Rows are those of `bench.evaluate.outputs.HYBRID` without the variant, one a band. The full band
    is chosen where the tune half cannot tell.
    """
    grid = bands(word_count)
    # No resamples: a choice needs values only.
    tune = {band: _measured(hits, band.ranking, queries, "tune", weights[:0]) for band in grid}
    needed = _measured(hits, DISTANCE, queries, "tune", weights[:0])
    standard = comparable(list(_measured(hits, DISTANCE, queries, "report", weights).values()))
    by_half = {half: hits.of(queries.halves[half]) for half in ("tune", "report")}
    within = {
        band: all(tune[band][m].value >= needed[m].value - settings.hybrid_margin for m in MEASURES)
        for band in grid
    }
    # Of bands that fetch the same the first stands, which is the narrower one.
    chosen = min(
        (band for band in grid if within[band]),
        key=lambda band: band.fetched(by_half["tune"]),
        default=grid[-1],
    )
    rows = []
    for band in grid:
        report = _measured(hits, band.ranking, queries, "report", weights)
        n_searched, fetched, n_hits = _cost(band, by_half["report"], queries, "report")
        n_tuned, fetched_in_tuning, _ = _cost(band, by_half["tune"], queries, "tune")
        row: dict[str, object] = {
            "band_low": band.low,
            "band_high": band.high,
            "tune_fetched": fetched_in_tuning / n_tuned if n_tuned else np.nan,
            "within_margin": within[band],
            "chosen": band == chosen,
            "fetched": fetched / n_searched if n_searched else np.nan,
            "share": fetched / n_hits if n_hits else np.nan,
            "n": n_searched,
        }
        for measure in MEASURES:
            row[f"tune_{measure}"] = tune[band][measure].value
            row |= report[measure].columns(measure, settings.confidence)
        systems = {_HYBRID: comparable(list(report.values())), _DISTANCE: standard}
        for found in differences(systems, [(_HYBRID, _DISTANCE)], settings.confidence):
            name = f"{found['measure']}_difference"
            row |= {name: found["difference"], f"{name}_low": found["low"]}
            row[f"{name}_high"] = found["high"]
        rows.append(row)
    return rows, chosen


def _cost(band: Band, hits: Hits, queries: Queries, half: str) -> tuple[int, int, int]:
    """Count the queries searched, the hits fetched and all hits of one half."""
    n_searched = int((queries.halves[half] & queries.signed).sum())
    return n_searched, band.fetched(hits), len(hits.query)


def _measured(
    hits: Hits, ranking: Ranking, queries: Queries, half: str, weights: Weights
) -> dict[str, Estimate]:
    ranked = hits.ranked_by(ranking)
    sample = take_sample(ranked, ranking, queries, queries.halves[half], weights)
    estimates = pooled_measures(sample, _PRECISIONS, (ties.EXPECTED,))
    return {estimate.measure: estimate for estimate in estimates if estimate.measure in MEASURES}
