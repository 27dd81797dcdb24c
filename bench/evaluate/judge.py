"""Rankings judged by the protocol, one after the other, on parts of the same queries.

Parts: ``report``, the half not tuned on; of that half ``made`` edits and ``natural`` pairs, and
each stratum. ``all`` is both halves, for comparison with what was published so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from bench.evaluate.arrays import Bools, Floats
from bench.evaluate.bootstrap import Estimate, draw_groups, percentile_interval
from bench.evaluate.comparisons import Estimates, comparable
from bench.evaluate.hits import Hits, hits_from_arrays
from bench.evaluate.inputs import check_queries, read_queries
from bench.evaluate.measures import RECALL_AT_1, RECALL_AT_90, UAP, recall_at_precision
from bench.evaluate.rankings import SCORE
from bench.evaluate.scorings import Scoring, get_scoring, normalised
from bench.evaluate.settings import EvaluationSettings, System
from bench.evaluate.system import evaluate_point
from bench.runs.errors import MeasurementError
from bench.runs.folder import RunFolder
from bench.search.exact.answers import lists_of
from bench.search.exact.truth import IGNORED, RIGHT

RECALL_AT_99 = recall_at_precision(0.99)
MEASURES = tuple(one.name for one in (UAP, RECALL_AT_90, RECALL_AT_99, RECALL_AT_1))
#: The part that is reported, and the one that is tuned on.
REPORT, TUNE = "report", "tune"
#: Settings of an evaluation that measures them.
OPTIONS: Mapping[str, Any] = {"precisions": (0.9, 0.99), "recall_ranks": (1,)}


def chosen_ranks(tuned: pd.DataFrame) -> dict[tuple[str, str], int]:
    """The rank of the background that was chosen for each list and scoring, of ``tuned``."""
    chosen = tuned[tuned["chosen"]].to_dict("records")
    return {(row["source"], row["scoring"]): int(row["k"]) for row in chosen}


def parts_of(
    queries: pd.DataFrame, columns: Sequence[str] = ("origin", "stratum")
) -> dict[str, Bools]:
    """The parts of a table of queries: ``bool[queries]`` by name; of `columns` one each value."""
    report = (queries["half"] == REPORT).to_numpy()
    parts = {"all": np.ones(len(queries), dtype=np.bool_), TUNE: ~report, REPORT: report}
    for column in columns:
        names = queries[column].unique().tolist() if column in queries else []
        if len(names) > 1:
            own = {str(name): (queries[column] == name).to_numpy() & report for name in names}
            parts |= dict(sorted(own.items()))
    return parts


def check_halves(queries: pd.DataFrame, least: int = 1) -> None:
    """Refuse queries of which a half has fewer than so many that are signed and have a match.

    On one nothing can be tuned, and on the other nothing reported.
    """
    matched = queries[(queries["status"] == "ok") & (queries["doc"] >= 0)]
    tune, report = (int((matched["half"] == half).sum()) for half in (TUNE, REPORT))
    if min(tune, report) < least:
        raise MeasurementError(
            f"of the queries with a match in the database {tune:,} are of scenes to tune on and "
            f"{report:,} of those that are reported; each half needs {least} at least. Ask for "
            "more queries, add pictures or pairs, or give the dataset another seed"
        )


class Judge:
    """Measures one ranking after the other on the same queries and resamples."""

    def __init__(
        self,
        table: pd.DataFrame,
        settings: EvaluationSettings,
        parts: Mapping[str, Bools] | None = None,
    ) -> None:
        checked = check_queries(table)
        self.parts = dict(parts or parts_of(checked))
        self.queries = replace(read_queries(checked), halves=self.parts)
        self.settings = settings
        self.weights = draw_groups(self.queries.n_groups, settings.n_resamples, settings.seed)

    def __len__(self) -> int:
        return len(self.queries)

    def hits(self, table: pd.DataFrame, goodness: Floats) -> Hits:
        """Hits with these values, as they are measured; larger is better."""
        counted = (table["code"] != IGNORED).to_numpy()
        return hits_from_arrays(
            table["row"].to_numpy(np.int64)[counted],
            (table["code"] == RIGHT).to_numpy()[counted],
            {SCORE.name: goodness[counted]},
            len(self),
        )

    def estimates(
        self, hits: pd.DataFrame, goodness: Floats, part: str, *, resampled: bool = True
    ) -> dict[str, Estimate]:
        """Of hits with these values, by the names of `MEASURES`."""
        found = self.hits(hits, goodness)
        weights = self.weights if resampled else self.weights[:0]
        every = evaluate_point(found, SCORE, self.queries, weights, self.settings, part)
        return {one.measure: one for one in every if one.measure in MEASURES}

    def tuned(
        self, k: Sequence[int], scoring: Scoring, hits: pd.DataFrame
    ) -> tuple[int, list[dict[str, Any]]]:
        """The rank of the background, of `k`, that is best on the half to tune on, and all tried.

        A scoring without a background has rank 0.
        """
        ranks = list(k) if scoring.rule else [0]
        size = self.settings.n_candidates
        rows, best = [], {}
        for rank in ranks:
            goodness = normalised(scoring, hits, len(self), size, rank)
            for half in (TUNE, REPORT):
                found = self.estimates(hits, goodness, half, resampled=False)
                values = {name: found[name].value for name in (UAP.name, RECALL_AT_99.name)}
                rows.append({"scoring": scoring.name, "k": rank, "half": half, **values})
                if half == TUNE:
                    best[rank] = values[UAP.name]
        chosen = max(ranks, key=lambda rank: best[rank])
        return chosen, [{**row, "chosen": row["k"] == chosen} for row in rows]


def told(own: Estimate, confidence: float) -> dict[str, Any]:
    """Value and interval, as columns of a row; no interval of what was not resampled."""
    ends = (float("nan"), float("nan"))
    if own.samples is not None and len(own.samples):
        ends = own.interval(confidence)[:2]
    columns = {"measure": own.measure, "value": own.value, "low": ends[0], "high": ends[1]}
    return columns | {"n": own.n}


def compared(own: Estimate, reference: Estimate, confidence: float) -> dict[str, Any]:
    """Value, interval and paired difference, as columns of a row."""
    low, high, interval = own.interval(confidence)
    difference = own.value - reference.value
    ends = (float("nan"), float("nan"))
    if own.samples is not None and reference.samples is not None and own.n_groups > 1:
        ends = percentile_interval(own.samples - reference.samples, confidence)
    return {
        "measure": own.measure,
        "value": own.value,
        "low": low,
        "high": high,
        "interval": interval,
        "difference": difference,
        "difference_low": ends[0],
        "difference_high": ends[1],
        "n": own.n,
    }


def judged_estimates(folder: RunFolder, settings: EvaluationSettings) -> dict[System, Estimates]:
    """Measure every scoring of a finished run again, of ``queries``, ``hits`` and ``scorings``."""
    queries, hits = folder.table("queries"), lists_of(folder.table("hits"))
    judge = Judge(queries, replace(settings, **OPTIONS))
    ranked = folder.table("scorings").drop_duplicates(["source", "scoring"])
    found: dict[System, Estimates] = {}
    for source, name, k in zip(ranked["source"], ranked["scoring"], ranked["k"], strict=True):
        own = hits[source]
        goodness = normalised(get_scoring(name), own, len(judge), settings.n_candidates, k)
        found[System(source, name)] = comparable([*judge.estimates(own, goodness, "all").values()])
    return found
