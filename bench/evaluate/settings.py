"""What an evaluation is asked to do: query settings, measures, resampling."""

from dataclasses import dataclass
from typing import NamedTuple

from bench.evaluate import measures


class SettingsError(ValueError):
    """A setting is out of its range; the message names the setting, the value and the range."""


class System(NamedTuple):
    """One ranked answer: a variant under one ranking."""

    variant: str
    ranking: str


@dataclass(frozen=True)
class EvaluationSettings:
    """Settings of one evaluation."""

    #: K, the number of hits the engine was asked for: that of ``candidate_recall@K``
    n_candidates: int = 100
    score_cutoff: int | None = None  # keep hits with score >= it
    #: Keep hits with ``distance < distance_cutoff``, strictly, as image-match does. It leaves
    #: variants that store no signature untouched: they have no distance to cut.
    distance_cutoff: float | None = None
    #: By how much the measures of a hybrid ranking may fall short of those of distance on the
    #: tune half, see `bench.evaluate.hybrid`
    hybrid_margin: float = 0.01
    #: The precisions of ``R@P…`` and ``threshold@P…``, in whole thousandths
    precisions: tuple[float, ...] = measures.precisions()
    recall_ranks: tuple[int, ...] = measures.ranks()  # k of ``recall@k``
    n_resamples: int = 10_000
    confidence: float = 0.95  # of the intervals
    seed: int = 0  # of the resamples

    def __post_init__(self) -> None:
        _require("n_candidates", self.n_candidates, self.n_candidates >= 1, "at least 1")
        if self.score_cutoff is not None:
            _require("score_cutoff", self.score_cutoff, self.score_cutoff >= 1, "at least 1")
        if (distance := self.distance_cutoff) is not None:
            _require("distance_cutoff", distance, 0 < distance <= 1, "above 0 and at most 1")
        _require("hybrid_margin", self.hybrid_margin, 0 <= self.hybrid_margin < 1, "0 to below 1")
        for precision in self.precisions:
            whole = abs(precision * 1000 - round(precision * 1000)) < 1e-6
            fits = 0 < precision <= 1 and whole
            _require("precisions", precision, fits, "above 0, at most 1, in whole thousandths")
        for rank in self.recall_ranks:
            _require("recall_ranks", rank, rank >= 1, "at least 1")
        for name in ("precisions", "recall_ranks"):
            values = getattr(self, name)
            _require(name, values, len(set(values)) == len(values), "each value once")
        _require("n_resamples", self.n_resamples, self.n_resamples >= 1, "at least 1")
        _require("confidence", self.confidence, 0 < self.confidence < 1, "between 0 and 1")
        _require("seed", self.seed, self.seed >= 0, "0 or more")

    @property
    def precision_labels(self) -> dict[str, int]:
        """Label of each precision, such as ``P90``, and its value in thousandths."""
        return {measures.label(p): round(1000 * p) for p in self.precisions}


def _require(name: str, value: object, holds: bool, allowed: str) -> None:
    if not holds:
        raise SettingsError(f"{name} is {value!r}; it must be {allowed}")
