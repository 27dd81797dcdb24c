"""What scorings are worth: measured by the protocol, on parts of the queries.

``scorings``
    One row a list, scoring, part of the queries and measure: value with interval, and the paired
    difference from the reference on the same part. ``k`` is the rank of the background.
``tuned``
    One row a list, scoring, rank of the background and half: what the choice was made by. Chosen is
    the rank of the best `uAP` on the half of the scenes that nothing else is reported on.

For the parts see `bench.evaluate.judge`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from bench.evaluate.judge import OPTIONS, RECALL_AT_99, TUNE, Judge, compared
from bench.evaluate.measures import UAP
from bench.evaluate.scorings import REFERENCE, get_scoring, normalised
from bench.evaluate.settings import EvaluationSettings
from bench.kinds.scoring.config import Scoring as Config
from datasets.parallel import in_parallel

#: Columns of the tables.
TUNED = ["source", "scoring", "k", "half", UAP.name, RECALL_AT_99.name, "chosen"]


def settings_of(config: Config) -> EvaluationSettings:
    """How scorings are measured."""
    return config.evaluation.settings(config.search.size, **OPTIONS)


def quality_tables(
    config: Config,
    queries: pd.DataFrame,
    hits: Mapping[str, pd.DataFrame],
    scorings: Mapping[str, Sequence[str]],
    reference: str,
) -> dict[str, pd.DataFrame]:
    """The tables ``scorings`` and ``tuned``, of hits by the name of their list.

    `scorings` names what ranks each list; the list `reference` ranked by distance is the reference.
    """
    jobs = (
        (config.model_dump_json(), queries, hits[reference], name, hits[name], scorings[name])
        for name in scorings
    )
    found = list(in_parallel(_measure, jobs))
    values = pd.DataFrame([row for rows, _ in found for row in rows])
    tuned = pd.DataFrame([row for _, rows in found for row in rows])[TUNED]
    return {"scorings": values, "tuned": tuned}


def _measure(
    text: str,
    queries: pd.DataFrame,
    of_reference: pd.DataFrame,
    source: str,
    hits: pd.DataFrame,
    names: Sequence[str],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Measure one list under its scorings: rows of ``scorings`` and of ``tuned``."""
    config = Config.model_validate_json(text)
    judge = Judge(queries, settings_of(config))
    standard = get_scoring(REFERENCE).goodness(of_reference)
    parts = [name for name in judge.parts if name != TUNE]
    reference = {part: judge.estimates(of_reference, standard, part) for part in parts}
    values, tuned = [], []
    for scoring in map(get_scoring, names):
        k, tried = judge.tuned(config.k, scoring, hits)
        tuned += [{"source": source, **row} for row in tried]
        goodness = normalised(scoring, hits, len(judge), config.search.size, k)
        for part in parts:
            found = judge.estimates(hits, goodness, part)
            values += [
                {"source": source, "scoring": scoring.name, "k": k, "part": part}
                | compared(own, reference[part][name], config.evaluation.confidence)
                for name, own in found.items()
            ]
    return values, tuned
