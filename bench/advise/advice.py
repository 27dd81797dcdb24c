"""The answer: the smallest index that reaches what is asked, or the nearest and what it lacks."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from bench.advise.choices import GRADES, choices, nearest, smallest, with_sizes
from bench.advise.question import Question
from bench.advise.size import Growth, IndexSize, index_size, smallest_sizes
from bench.engine.catalog import engine_title
from bench.index.variant import PARAMETERS
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder

#: What the columns of a value and of its interval end in.
_ENDS = ("", "_low", "_high")


@dataclass(frozen=True)
class Choice:
    """A row of `bench.advise.choices`, and the size of its index for the whole collection."""

    row: Mapping[str, Any]
    size: IndexSize

    @property
    def decades_beyond(self) -> float:
        """Powers of ten by which the model's rate is below one in all pairs counted, at least 0.

        NaN without a model.
        """
        return float(np.maximum(0.0, -np.log10(self.row["model_rate"] * self.row["exposures"])))

    def describe(self) -> dict[str, Any]:
        """As plain values, ready for JSON; None where unknown."""
        row = self.row
        return {
            "variant": row["variant"],
            **{name: _plain(row[name]) for name in PARAMETERS},
            "layout": row["layout"],
            "ranking": row["ranking"],
            "min_score": int(row["min_score"]),
            "cutoff": float(row["cutoff"]),
            **{f"recall{end}": _plain(row[f"recall{end}"]) for end in _ENDS},
            "evidence": {
                "wrong_pairs": int(row["wrong_pairs"]),
                "pairs": int(row["exposures"]),
                "rate_high": _plain(row["rate_high"]),
                "precision_low": _plain(row["evidence_precision_low"]),
            },
            "model": {
                "extrapolated": not row["model_is_count"],
                "decades_beyond_counts": _plain(self.decades_beyond),
                **{
                    f"{name}{end}": _plain(row[f"model_{name}{end}"])
                    for name in ("rate", "precision")
                    for end in _ENDS
                },
            },
            "candidates_per_query": _plain(row["candidates"]),
            "size": asdict(self.size),
        }


@dataclass(frozen=True)
class Advice:
    """A sweep's answer to a question.

    `pairs` is the largest number of unrelated pairs that a rate was counted over; `chosen` has the
    smallest index for each grade of `bench.advise.choices.GRADES`, `nearest` the one that lacks
    least where none reaches any. `engine` is what sizes were measured on. `best_recall` is the
    highest at the precision asked for, `best_precision` at the recall asked for, by the model's
    values; NaN where there is none.
    """

    question: Question
    run: str
    engine: str
    documents: int
    pairs: int
    schemes: int
    considered: int
    chosen: dict[str, Choice | None]
    nearest: Choice | None
    best_recall: float
    best_precision: float

    @property
    def is_reached(self) -> bool:
        """Whether any choice reaches what is asked, whatever its grade."""
        return any(choice is not None for choice in self.chosen.values())

    @property
    def can_be_proven(self) -> bool:
        """Whether enough pairs were counted to prove the rate of wrong pairs."""
        return self.pairs >= self.question.pairs_needed

    def describe(self) -> dict[str, Any]:
        """As plain values, ready for JSON."""
        return {
            "question": asdict(self.question),
            "run": self.run,
            "engine": self.engine,
            "documents": self.documents,
            "schemes": self.schemes,
            "considered": self.considered,
            "reached": self.is_reached,
            "evidence": {
                "allowed_rate": self.question.allowed_rate,
                "pairs_counted": self.pairs,
                "pairs_needed": self.question.pairs_needed,
                "possible": self.can_be_proven,
            },
            "chosen": {
                grade: None if choice is None else choice.describe()
                for grade, choice in self.chosen.items()
            },
            "nearest": None if self.nearest is None else self.nearest.describe(),
            "best_recall_at_precision": _plain(self.best_recall),
            "best_precision_at_recall": _plain(self.best_precision),
        }


def advise(question: Question, sweep: RunFolder, scale: RunFolder | None = None) -> Advice:
    """Answer a question from the tables of a finished sweep.

    The model's interval covers the sample's uncertainty, not whether the tail has the model's
    shape: a heavier tail matters more with each power of ten beyond the counts. Bounds are those of
    a single choice. The smallest of thousands is more likely a lucky one: leave some room, or try
    it on further pictures.
    """
    manifest = _finished(sweep, "sweep")
    growth, engine = Growth({}), engine_title(manifest["engine"])
    if scale is not None:
        grown_on = engine_title(_finished(scale, "scale")["engine"])
        if grown_on != engine:
            engine += f", corrected by sizes on {grown_on}"
        growth = Growth.of(scale)
    counted = sweep.table("by_cutoff")
    quality = sweep.table("sweep")
    table = with_sizes(
        choices(counted, sweep.table("wrong_pairs"), question),
        quality,
        smallest_sizes(quality, sweep.table("sizes")),
    )
    if table.empty:
        raise RunError(f"{sweep.path} has no scheme of which both quality and size are known")
    small = int(manifest["dataset"]["documents"])

    def choice(row: "pd.Series[Any] | None") -> Choice | None:
        if row is None:
            return None
        plain = {str(column): value for column, value in row.items()}
        return Choice(plain, index_size(plain, small, question, growth))

    chosen = {grade: choice(smallest(table, grade)) for grade in GRADES}
    lacking = None if any(chosen.values()) else choice(nearest(table, question))
    fetched = table[table["candidates"] <= question.candidates]
    precise = fetched[fetched["model_precision"] >= question.precision]
    found = fetched[fetched["recall"] >= question.recall]
    return Advice(
        question=question,
        run=sweep.path.name,
        engine=engine,
        documents=small,
        pairs=int(table["exposures"].max()),
        schemes=int(table["variant"].nunique()),
        considered=len(table),
        chosen=chosen,
        nearest=lacking,
        best_recall=float(precise["recall"].max()),
        best_precision=float(found["model_precision"].max()),
    )


def _finished(folder: RunFolder, kind: str) -> dict[str, Any]:
    manifest = folder.manifest()
    if manifest.get("kind") != kind:
        raise RunError(f"{folder.path} is not a {kind} run; give the folder of one")
    return manifest


def _plain(value: Any) -> Any:
    """A NumPy scalar as a Python one; NaN and infinity, which JSON lacks, as None."""
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, float) and not abs(plain) < float("inf"):
        return None
    return plain
