"""What counted pairs can prove of a choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import pandas as pd

from bench.advise.question import Question


@dataclass(frozen=True)
class Evidence:
    """What the proof of a choice takes, and what was counted.

    `recall` is what is certain of the choice, or what is asked where that is more; `images` are
    those that `bench.advise.choices` reckons with. Both give `allowed_rate`, the most wrong pairs a
    query and image. `pairs_needed` unrelated pairs, none wrong, prove that of any of the choices;
    `pairs_counted` were counted at most. It is `possible` where these are as many; never where
    recall is extrapolated, for then nothing of it is certain.
    """

    recall: float
    images: int
    allowed_rate: float
    pairs_counted: int
    pairs_needed: float
    possible: bool

    @classmethod
    def of(cls, question: Question, table: pd.DataFrame, row: Mapping[str, Any] | None) -> Self:
        """Of a row of the choices, or of any that just reaches the recall that is asked."""
        known: Mapping[str, Any] = {} if row is None else row
        grown = bool(known.get("recall_extrapolated", False))
        recall = float(max(question.recall, 0.0 if grown else known.get("recall_low", 0.0)))
        images = max(question.images, int(table["least_documents"].max()))
        rate = question.allowed_rate(recall, images)
        counted, needed = int(table["exposures"].max()), question.pairs_needed(rate, len(table))
        possible = bool(known.get("proven", False)) or (counted >= needed and not grown)
        return cls(recall, images, rate, counted, needed, possible)
