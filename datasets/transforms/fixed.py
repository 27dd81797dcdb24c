"""Transforms that have no strength."""

from dataclasses import dataclass, field
from typing import ClassVar

from datasets.transforms.base import Transform


@dataclass(frozen=True)
class FixedTransform(Transform):
    """A transform that is applied or not: its id is the family alone, its strength is 0."""

    meaning: ClassVar[str] = "no strength"
    limits: ClassVar[tuple[float, float]] = (0, 0)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 0
    takes_strength: ClassVar[bool] = False

    strength: float = field(default=0.0, init=False)
