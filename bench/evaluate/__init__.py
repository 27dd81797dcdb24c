"""Retrieval quality of what an engine returned, from tidy tables to tidy tables.

It knows no engine: it reads which document came back for which query with which score and
distance, and which documents were right. See `bench.evaluate.measures` for what each measure
means, `bench.evaluate.ties` for the rule on equal values, `bench.evaluate.bootstrap` for the
intervals, `bench.evaluate.rankings` for what is compared. `evaluate` measures a few variants in
every way; `evaluate_point` the few measures that a sweep of thousands needs.
"""

from bench.evaluate.evaluation import EvaluationTables, evaluate
from bench.evaluate.inputs import EvaluationInputError
from bench.evaluate.rankings import RANKINGS, Ranking
from bench.evaluate.settings import EvaluationSettings, SettingsError, System
from bench.evaluate.system import evaluate_point

__all__ = [
    "RANKINGS",
    "EvaluationInputError",
    "EvaluationSettings",
    "EvaluationTables",
    "Ranking",
    "SettingsError",
    "System",
    "evaluate",
    "evaluate_point",
]
