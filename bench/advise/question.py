"""What is asked: how many images, and how good the search must be."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from bench.runs.errors import BenchError


class QuestionError(BenchError):
    """The question cannot be answered as it is put; the message names the value and the limit."""


@dataclass(frozen=True)
class Question:
    """A collection and what its search must reach.

    Parameters
    ----------
    images : int
        Size of the collection.
    precision : float
        Share of the pairs returned that must be right.
    recall : float
        Share of the right answers that must be returned.
    match_share : float
        Right answers a query has in the collection, on average.
    shard_bytes : float
        Largest size of a shard.
    replicas : int
        Copies of each shard beside the primary.
    candidates : int
        Most documents a search may fetch to rank them by distance.
    confidence : float
        Level of the bound that no wrong pair at all would give; that of the run's intervals.
    """

    images: int
    precision: float
    recall: float
    match_share: float = 0.5
    shard_bytes: float = 30e9
    replicas: int = 1
    candidates: int = 10_000
    confidence: float = 0.95

    def __post_init__(self) -> None:
        _require("images", self.images, self.images >= 1, "at least 1")
        for name in ("precision", "recall", "confidence"):
            value = getattr(self, name)
            _require(name, value, 0 < value < 1, "above 0 and below 1")
        _require("match_share", self.match_share, 0 < self.match_share < math.inf, "above 0")
        _require("shard_bytes", self.shard_bytes, self.shard_bytes >= 1e6, "at least 1e6 bytes")
        _require("replicas", self.replicas, self.replicas >= 0, "0 or more")
        _require("candidates", self.candidates, self.candidates >= 1, "at least 1")

    @property
    def allowed_rate(self) -> float:
        """Most wrong pairs a query and document at which the precision is reached at the recall.

        Examples
        --------
        >>> asked = Question(images=1000, precision=0.9, recall=0.9, match_share=1.0)
        >>> round(asked.allowed_rate, 9)
        0.0001
        """
        right = self.match_share * self.recall
        return right * (1 - self.precision) / self.precision / self.images

    @property
    def pairs_needed(self) -> float:
        """Unrelated pairs, none of them wrong, that would prove the rate: the rule of three."""
        return -math.log(1 - self.confidence) / self.allowed_rate

    def describe(self) -> dict[str, Any]:
        """As plain values, JSON-ready."""
        return asdict(self)


def _require(name: str, value: object, holds: bool, allowed: str) -> None:
    if not holds:
        raise QuestionError(f"{name} is {value!r}; it must be {allowed}")
