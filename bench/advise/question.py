"""What is asked: how many images, how good the search must be, and what it may cost."""

import math
from dataclasses import dataclass

from bench.runs.errors import BenchError


class QuestionError(BenchError):
    """The question is out of range; the message names the value and the limit."""


@dataclass(frozen=True)
class Question:
    """A collection, what its search must reach, and what it may cost.

    `precision` is the share of returned pairs that must be right, `recall` the share of right
    answers that must be returned; a query has `match_share` right answers on average. A search may
    fetch at most `candidates` documents to rank them by distance. `confidence` is that of the run's
    intervals, and of the bound that counting no wrong pair at all gives.

    Limits, where given: `milliseconds` of a search at the median, `disk` of the whole cluster in
    bytes, replicas and room to merge included. What decides the number of nodes: `node_disk`, and,
    where given, `searches` a second and `node_memory`, bytes of a node's page cache, which hold the
    index as where it was measured. A node has `cores`; else as many as the one that was measured.
    Shards are smaller than `shard_bytes`, or have more `replicas`, where more nodes need a copy.
    """

    images: int
    precision: float
    recall: float
    match_share: float = 0.5
    shard_bytes: float = 30e9
    replicas: int = 1
    candidates: int = 10_000
    confidence: float = 0.95
    milliseconds: float | None = None
    disk: float | None = None
    searches: float | None = None
    node_memory: float | None = None
    node_disk: float = 2e12
    cores: int | None = None

    def __post_init__(self) -> None:
        _require("images", self.images, self.images >= 1, "at least 1")
        for name in ("precision", "recall", "confidence"):
            value = getattr(self, name)
            _require(name, value, 0 < value < 1, "above 0 and below 1")
        _require("match_share", self.match_share, 0 < self.match_share < math.inf, "above 0")
        _require("shard_bytes", self.shard_bytes, self.shard_bytes >= 1e6, "at least 1e6 bytes")
        _require("replicas", self.replicas, self.replicas >= 0, "0 or more")
        _require("candidates", self.candidates, self.candidates >= 1, "at least 1")
        memory = self.node_memory
        holds = memory is None or 1e6 <= memory < math.inf
        _require("node_memory", memory, holds, "at least 1e6 bytes")
        for name in ("milliseconds", "disk", "searches", "node_disk", "cores"):
            value = getattr(self, name)
            _require(name, value, value is None or 0 < value < math.inf, "above 0")
        least = 2 * self.shard_bytes
        _require(
            "node_disk", self.node_disk, self.node_disk >= least, f"at least two shards, {least:g}"
        )

    def allowed_rate(self, recall: float, images: int) -> float:
        """The highest rate of wrong pairs, per query and document, that the precision allows.

        >>> asked = Question(images=1000, precision=0.9, recall=0.9, match_share=1.0)
        >>> round(asked.allowed_rate(asked.recall, asked.images), 9)
        0.0001
        """
        right = self.match_share * recall
        return right * (1 - self.precision) / self.precision / images

    def pairs_needed(self, rate: float, choices: int) -> float:
        """How many unrelated pairs, none wrong, would prove a rate of one of so many choices.

        The rule of three, at the joint confidence of `bench.advise.bounds`.
        """
        return -math.log((1 - self.confidence) / choices) / rate


def _require(name: str, value: object, holds: bool, allowed: str) -> None:
    if not holds:
        raise QuestionError(f"{name} is {value!r}; it must be {allowed}")
