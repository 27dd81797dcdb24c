"""The measures of parts of the queries, and what ranking by distance gains in each.

Parts are strata, where queries come from (edited here, or copies that publishers made), whole
pictures and tiles, and tenths of the documents' texture. Of parts by stratum there is also the mean
in which each stratum counts alike, `ALIKE`: what a collection made of them in equal shares would
see, however many queries each has here. Edits are measured in ``metrics``; here they have the gap.

A part's pool has its own queries only, those without a right answer that are of it included; there
are none where queries come from publishers, so its precision is that of pictures one knows to be
there.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from bench.evaluate import ties
from bench.evaluate.arrays import Floats, Weights
from bench.evaluate.bootstrap import Estimate
from bench.evaluate.comparisons import Estimates, comparable, differences
from bench.evaluate.estimates import mean_measures, pooled_measures, values_per_query
from bench.evaluate.hits import Hits
from bench.evaluate.inputs import Queries
from bench.evaluate.rankings import DISTANCE, SCORE, Ranking
from bench.evaluate.sample import take_sample
from bench.evaluate.settings import EvaluationSettings, System

STRATUM, EDIT = "stratum", "edit"
ALIKE = "each alike"
"""Name of the mean over strata."""

RANKINGS = (SCORE.name, DISTANCE.name)
"""The rankings that are measured part by part."""

Part = tuple[str, str]
"""By what queries are told apart, and which of them."""


def measure_parts(
    hits: Hits,
    ranking: Ranking,
    queries: Queries,
    weights: Weights,
    settings: EvaluationSettings,
    edits: Mapping[str, Estimates],
) -> dict[Part, Estimates]:
    """Measure one ranking of one variant on every part; edits are measured already."""
    values: dict[tuple[str, str], Floats] = {
        key: value
        for key, value in values_per_query(hits, ranking, queries, settings).items()
        if key[1] in {ties.EXPECTED, ties.NONE}
    }
    found: dict[Part, Estimates] = {}
    for part, chosen in queries.parts.items():
        sample = take_sample(hits, ranking, queries, chosen, weights)
        pooled = pooled_measures(sample, settings, (ties.EXPECTED,))
        found[part] = comparable(pooled + mean_measures(sample, values))
    found |= {(EDIT, name): each for name, each in edits.items()}
    strata = [each for (of, _), each in found.items() if of == STRATUM]
    if strata:
        found[STRATUM, ALIKE] = {
            key: _mean([each[key] for each in strata])
            for key in strata[0]
            if all(key in each for each in strata)
        }
    return found


def _mean(estimates: Sequence[Estimate]) -> Estimate:
    samples = [each.samples for each in estimates if each.samples is not None]
    effective = np.array([each.effective_groups for each in estimates])
    return Estimate(
        estimates[0].measure,
        estimates[0].tie,
        float(np.mean([each.value for each in estimates])),
        sum(each.n for each in estimates),
        np.mean(samples, axis=0),
        min(each.n_groups for each in estimates),
        # Of a mean of independent means, whose variances add.
        len(effective) ** 2 / float((1 / effective).sum()) if effective.all() else 0.0,
    )


def part_rows(found: Mapping[Part, Estimates], confidence: float) -> list[dict[str, object]]:
    """Rows of `bench.evaluate.outputs.BY_PART` without the system; edits have theirs elsewhere."""
    return [
        {"of": of, "part": part, **estimate.row(confidence)}
        for (of, part), estimates in found.items()
        if of != EDIT
        for estimate in estimates.values()
    ]


def gap_rows(
    by_ranking: Mapping[str, Mapping[Part, Estimates]], confidence: float
) -> list[dict[str, object]]:
    """What ranking by distance gains on ranking by score, part by part, resampled in pairs.

    Rows of `bench.evaluate.outputs.GAPS` without the variant; none of a variant that has one of
    both only.
    """
    rows: list[dict[str, object]] = []
    if not set(RANKINGS) <= by_ranking.keys():
        return rows
    score, distance = (System("", name) for name in RANKINGS)
    for of, part in by_ranking[DISTANCE.name]:
        found = {each: by_ranking[each.ranking][of, part] for each in (score, distance)}
        for row in differences(found, [(distance, score)], confidence):
            told = found[distance][row["measure"], row["tie"]]
            rows.append(
                {"of": of, "part": part, "n": told.n, "effective_scenes": told.effective_groups}
                | row
            )
    return rows
