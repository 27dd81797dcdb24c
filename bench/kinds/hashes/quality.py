"""What each contender is worth: measured by the protocol, beside our own bits.

``scorings``
    One row a contender (``source``), scoring, part of the queries and measure: value with interval,
    and the paired difference from the first contender on the same part: as it comes, and of a
    scoring with a background under the best of its own. ``k`` is the rank of the background, and
    ``rule`` how it is found.
``tuned``
    One row a contender, scoring, rank and half, see `bench.evaluate.judge.Judge.tuned`.

Parts are those of `bench.evaluate.judge`; and each edit, of both halves: there nothing is tuned, as
only scores as they come are told by edit.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from bench.evaluate.arrays import Bools
from bench.evaluate.bootstrap import Estimate
from bench.evaluate.judge import OPTIONS, RECALL_AT_99, TUNE, Judge, compared, parts_of
from bench.evaluate.measures import UAP
from bench.evaluate.scorings import get_scoring, normalised
from bench.kinds.hashes.config import Hashes as Config
from datasets.parallel import in_parallel

TUNED = ["source", "scoring", "k", "half", UAP.name, RECALL_AT_99.name, "chosen"]
#: Of one part, by the name of the measure.
_Part = dict[str, Estimate]


def edit_parts(queries: pd.DataFrame) -> dict[str, Bools]:
    """The queries of each edit, and of each kind of natural pair: ``bool[queries]`` by name."""
    names = sorted(set(queries["transform"]))
    return {str(name): (queries["transform"] == name).to_numpy() for name in names}


def quality_tables(
    config: Config,
    queries: pd.DataFrame,
    hits: Mapping[str, pd.DataFrame],
    scorings: Mapping[str, Sequence[str]],
) -> dict[str, pd.DataFrame]:
    """The tables, of hits by the name of their contender; the first is compared with."""
    text = config.model_dump_json()
    jobs = ((text, queries, name, hits[name], scorings[name]) for name in scorings)
    found = list(in_parallel(_measure, jobs))
    tuned = pd.DataFrame([row for _, tried in found for row in tried])[TUNED]
    best = best_rules(tuned)[next(iter(scorings))]
    plain = scorings[next(iter(scorings))][0]
    first = {
        (name != plain, part): own for name, _, part, own in found[0][0] if name in (plain, best)
    }
    confidence = config.evaluation.confidence
    rows = []
    for source, (measured, _) in zip(scorings, found, strict=True):
        for name, k, part, own in measured:
            rule = get_scoring(name).rule
            told = {"source": source, "scoring": name, "rule": rule, "k": k, "part": part}
            reference = first[bool(rule), part]
            rows += [
                told | compared(one, reference[measure], confidence) for measure, one in own.items()
            ]
    return {"scorings": pd.DataFrame(rows), "tuned": tuned}


def best_rules(tuned: pd.DataFrame) -> dict[str, str]:
    """The scoring with a background that is best on the half to tune on, by contender."""
    tried = tuned[tuned["chosen"] & (tuned["half"] == TUNE) & (tuned["k"] > 0)]
    best = tried.loc[tried.groupby("source", sort=False)[UAP.name].idxmax()]
    return dict(zip(best["source"], best["scoring"], strict=True))


def _measure(
    text: str, queries: pd.DataFrame, source: str, hits: pd.DataFrame, names: Sequence[str]
) -> tuple[list[tuple[str, int, str, _Part]], list[dict[str, Any]]]:
    """The estimates of one contender by scoring, rank and part, and rows of ``tuned``."""
    config = Config.model_validate_json(text)
    settings = config.evaluation.settings(config.search.size, **OPTIONS)
    edits, parts = edit_parts(queries), parts_of(queries)
    judge = Judge(queries, settings, parts | edits)
    found: list[tuple[str, int, str, _Part]] = []
    tuned: list[dict[str, Any]] = []
    for scoring in map(get_scoring, names):
        k, tried = judge.tuned(config.k, scoring, hits)
        tuned += [{"source": source, **row} for row in tried]
        goodness = normalised(scoring, hits, len(judge), config.search.size, k)
        found += [
            (scoring.name, k, part, judge.estimates(hits, goodness, part))
            for part in judge.parts
            if part != TUNE and not (scoring.rule and part in edits)
        ]
    return found, tuned
