"""Contenders, each measured by the protocol beside the first.

``scorings``
    One row a contender (``source``), scoring, part of the queries and measure: value with interval,
    and the paired difference from the first contender on the same part: as it comes, and of a
    scoring with a background under the best of its own. ``k`` is the rank of the background, and
    ``rule`` how it is found.
``tuned``
    One row a contender, scoring, rank and half, see `bench.evaluate.judge.Judge.tuned`.

Parts may be of both halves where nothing is tuned: there only scores as they come are told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from bench.evaluate.arrays import Bools
from bench.evaluate.bootstrap import Estimate
from bench.evaluate.judge import RECALL_AT_99, TUNE, Judge, compared
from bench.evaluate.measures import UAP
from bench.evaluate.scorings import get_scoring, normalised
from bench.evaluate.settings import EvaluationSettings
from datasets.parallel import in_parallel

TUNED = ["source", "scoring", "k", "half", UAP.name, RECALL_AT_99.name, "chosen"]
#: Queries below which an edit, or a kind of natural pair, is told in a table alone.
FEW = 8
#: Of one part, by the name of the measure.
_Part = dict[str, Estimate]


@dataclass(frozen=True)
class Questions:
    """What every contender is asked: `k` are the ranks that a background is tried at.

    `parts` are queries that all scorings are told of, and `untuned` those that only scores as they
    come are, ``bool[queries]`` by name.
    """

    queries: pd.DataFrame
    settings: EvaluationSettings
    k: Sequence[int]
    parts: Mapping[str, Bools]
    untuned: Mapping[str, Bools] = field(default_factory=dict)


def quality_tables(
    asked: Questions, hits: Mapping[str, pd.DataFrame], scorings: Mapping[str, Sequence[str]]
) -> dict[str, pd.DataFrame]:
    """The tables, of hits by the name of their contender; the first is compared with."""
    jobs = ((asked, name, hits[name], scorings[name]) for name in scorings)
    found = list(in_parallel(_measure, jobs))
    tuned = pd.DataFrame([row for _, tried in found for row in tried])[TUNED]
    best = best_rules(tuned)[next(iter(scorings))]
    plain = scorings[next(iter(scorings))][0]
    first = {
        (name != plain, part): own for name, _, part, own in found[0][0] if name in (plain, best)
    }
    rows = []
    for source, (measured, _) in zip(scorings, found, strict=True):
        for name, k, part, own in measured:
            rule = get_scoring(name).rule
            told = {"source": source, "scoring": name, "rule": rule, "k": k, "part": part}
            reference = first[bool(rule), part]
            rows += [
                told | compared(one, reference[measure], asked.settings.confidence)
                for measure, one in own.items()
            ]
    return {"scorings": pd.DataFrame(rows), "tuned": tuned}


def best_rules(tuned: pd.DataFrame) -> dict[str, str]:
    """The scoring with a background that is best on the half to tune on, by contender."""
    tried = tuned[tuned["chosen"] & (tuned["half"] == TUNE) & (tuned["k"] > 0)]
    best = tried.loc[tried.groupby("source", sort=False)[UAP.name].idxmax()]
    return dict(zip(best["source"], best["scoring"], strict=True))


#: How hits are ranked: as the engine or the distance has them, or less the answer's background.
PLAIN, BACKGROUND = "plain", "background"


def ranked(values: pd.DataFrame, tuned: pd.DataFrame) -> pd.DataFrame:
    """Of ``scorings``: each contender as it comes, and under its best rule for the background.

    The rule, like its rank, is the best on the half that nothing is reported on. Column ``ranked``
    says which.
    """
    plain = values[values["rule"] == ""].assign(ranked=PLAIN)
    less = values[values["scoring"] == values["source"].map(best_rules(tuned))]
    return pd.concat([plain, less.assign(ranked=BACKGROUND)])


def _measure(
    asked: Questions, source: str, hits: pd.DataFrame, names: Sequence[str]
) -> tuple[list[tuple[str, int, str, _Part]], list[dict[str, Any]]]:
    """The estimates of one contender by scoring, rank and part, and rows of ``tuned``."""
    size = asked.settings.n_candidates
    judge = Judge(asked.queries, asked.settings, {**asked.parts, **asked.untuned})
    found: list[tuple[str, int, str, _Part]] = []
    tuned: list[dict[str, Any]] = []
    for scoring in map(get_scoring, names):
        k, tried = judge.tuned(asked.k, scoring, hits)
        tuned += [{"source": source, **row} for row in tried]
        goodness = normalised(scoring, hits, len(judge), size, k)
        found += [
            (scoring.name, k, part, judge.estimates(hits, goodness, part))
            for part in judge.parts
            if part != TUNE and not (scoring.rule and part in asked.untuned)
        ]
    return found, tuned
