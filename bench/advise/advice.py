"""The answer: the smallest index that reaches what is asked, or the nearest and what it lacks."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from bench.advise.choices import GRADES, by_size, choices, nearest, swept
from bench.advise.evidence import Evidence
from bench.advise.measured import measured_choices
from bench.advise.nodes import Nodes, nodes_of, replicas_of
from bench.advise.question import Question
from bench.advise.size import Growth, IndexSize, index_size, smallest_sizes
from bench.advise.times import Speed, Times
from bench.advise.written import calls, identity_of
from bench.engine.catalog import engine_title
from bench.index.variant import PARAMETERS, scheme_name
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder
from bench.runs.manifest import read_manifest
from imgsig import WordScheme

#: What the columns of a value and of its interval end in.
_ENDS = ("", "_low", "_high")
#: Documents of a shard below which smaller ones are no faster.
_SMALLEST_SHARD = 100_000


@dataclass(frozen=True)
class Choice:
    """A row of `bench.advise.choices`, and what its index takes for the whole collection.

    `measured_at` is the size of the index that was searched; None of a sweep, which simulates.
    """

    row: Mapping[str, Any]
    size: IndexSize
    speed: Speed | None
    nodes: Nodes

    @property
    def measured_at(self) -> int | None:
        """Documents of the index that was built and searched."""
        return int(self.row["least_documents"]) or None

    def keeps_within(self, question: Question) -> bool:
        """Whether it stays within the limits; not where they cannot be told."""
        if question.disk is not None and self.nodes.disk_bytes > question.disk:
            return False
        if question.milliseconds is None:
            return True
        return self.speed is not None and self.speed.milliseconds <= question.milliseconds

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
            "recall_extrapolated": bool(row["recall_extrapolated"]),
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
            "measured_at": self.measured_at,
            "size": asdict(self.size),
            "search": None if self.speed is None else asdict(self.speed),
            "nodes": asdict(self.nodes),
            "index": identity_of(self),
            "python": calls(self),
        }


@dataclass(frozen=True)
class Advice:
    """A run's answer to a question.

    `chosen` has, for each grade of `bench.advise.choices.GRADES`, the index that keeps within the
    limits on the fewest nodes, and of these the smallest; `nearest` the one that lacks least where
    none reaches any grade. `beyond` are the fastest index and that with the least disk where some
    reach what is asked, but none within the limits. `evidence` is of the `best`, or of the most
    certain beyond the limits. `engine` is what sizes were measured on, `documents` how many there
    were. `best_recall` is the highest at the precision asked for, `best_precision` at the recall
    asked for, by the model's values; NaN where there is none. `fewest_candidates` are those of the
    choice that fetches the fewest.
    """

    question: Question
    run: str
    collection: str
    engine: str
    documents: int
    schemes: int
    considered: int
    evidence: Evidence
    chosen: dict[str, Choice | None]
    beyond: dict[str, Choice]
    nearest: Choice | None
    best_recall: float
    best_precision: float
    fewest_candidates: float

    @property
    def best(self) -> tuple[str, Choice | None]:
        """The most certain choice and its grade, or the nearest and no grade."""
        found = ((grade, one) for grade, one in self.chosen.items() if one is not None)
        return next(found, ("", self.nearest))

    @property
    def is_reached(self) -> bool:
        """Whether any choice reaches what is asked, whatever its grade."""
        return any(choice is not None for choice in self.chosen.values())

    def describe(self) -> dict[str, Any]:
        """As plain values, ready for JSON."""
        return {
            "question": asdict(self.question),
            "run": self.run,
            "collection": self.collection,
            "engine": self.engine,
            "documents": self.documents,
            "schemes": self.schemes,
            "considered": self.considered,
            "reached": self.is_reached,
            "evidence": asdict(self.evidence),
            "chosen": {
                grade: None if choice is None else choice.describe()
                for grade, choice in self.chosen.items()
            },
            "beyond_limits": {name: choice.describe() for name, choice in self.beyond.items()},
            "nearest": None if self.nearest is None else self.nearest.describe(),
            "best_recall_at_precision": _plain(self.best_recall),
            "best_precision_at_recall": _plain(self.best_precision),
        }


def advise(question: Question, run: RunFolder, scale: RunFolder | None = None) -> Advice:
    """Answer a question from the tables of a finished run.

    A sweep knows many schemes, ranked by score or signs, at one size, their bytes predicted; how
    these grow, and what searches take, says a scale run. A scale run whose indices were searched
    can be asked itself: of these bytes, answers and times were measured, ranked by score or margin.
    The model's interval covers the sample's uncertainty, not whether the tail has the model's
    shape: a heavier tail matters more with each power of ten beyond the counts.
    """
    return _Answering(question, run, scale).answer()


def _confidence(config: Any) -> float:
    """That of the intervals of a run: of what a scale run found, of what a sweep evaluated."""
    parts = config if isinstance(config, dict) else {}
    settings = parts.get("quality") or parts.get("evaluation") or {}
    return float(settings.get("confidence", Question.confidence))


class _Answering:
    """What is known, and what is asked of it."""

    def __init__(self, question: Question, run: RunFolder, scale: RunFolder | None) -> None:
        manifest = read_manifest(run)
        self.question = question = replace(question, confidence=_confidence(manifest.get("config")))
        self.run = run
        self.engine = engine_title(manifest["engine"])
        self.dataset = manifest["dataset"]
        if manifest.get("kind") == "sweep":
            self.documents = int(self.dataset["documents"])
            known = _swept(run, question.images, manifest["config"])
        elif manifest.get("kind") == "scale":
            known = measured_choices(run, question.images)
            self.documents = int(known["least_documents"].iloc[0])
            scale = scale or run
        else:
            raise RunError(f"{run.path} is neither a sweep nor a scale run; give one")
        self.schemes = int(known["variant"].nunique())
        self.growth, self.times = Growth({}), Times({}, {}, int(manifest["machine"]["cores"]))
        if scale is not None:
            grown_on = engine_title(_scale_manifest(scale)["engine"])
            if grown_on != self.engine:
                self.engine += f", corrected by sizes on {grown_on}"
            self.growth, self.times = Growth.of(scale), Times.of(scale)
        self.table = choices(known, question)

    def choice(self, row: "pd.Series[Any]") -> Choice:
        """A row with what its index takes; in more shards, where it would be too slow in fewer."""
        plain = {str(column): value for column, value in row.items()}
        limit, least = self.question.milliseconds or float("inf"), 1
        while True:
            size = index_size(plain, self.documents, self.question, self.growth, least)
            speed = self.times.speed(plain, size.documents_per_shard, size.shards)
            fast = speed is None or speed.milliseconds <= limit
            if fast or size.documents_per_shard < 2 * _SMALLEST_SHARD:
                break
            least = 2 * size.shards
        cores = self.question.cores or self.times.cores
        size = size.copied(replicas_of(self.question, size, speed, cores))
        nodes = nodes_of(self.question, size, speed, cores)
        if speed is not None:
            speed = speed.in_rounds(ceil(size.shards / (nodes.count * cores)))
        return Choice(plain, size, speed, nodes)

    def answer(self) -> Advice:
        """The answer, of the choices that keep within the limits."""
        question, table = self.question, self.table
        chosen: dict[str, Choice | None] = {}
        reached: list[Choice] = []
        for grade in GRADES:
            of_grade = [self.choice(row) for row in by_size(table, grade)]
            reached += of_grade
            kept = [one for one in of_grade if one.keeps_within(question)]
            # Of as many nodes the first, which has the fewest bytes.
            chosen[grade] = min(kept, key=lambda one: one.nodes.count, default=None)
        beyond: dict[str, Choice] = {}
        lacking = None
        if not any(chosen.values()):
            if reached:
                beyond = {
                    "fastest": min(reached, key=_milliseconds),
                    "smallest": min(reached, key=lambda one: one.nodes.disk_bytes),
                }
            row = None if reached else nearest(table, question)
            lacking = None if row is None else self.choice(row)
        known = (one for one in (*chosen.values(), *reached, lacking) if one is not None)
        told = next(known, None)
        fetched = table[table["candidates"] <= question.candidates]
        precise = fetched[fetched["model_precision"] >= question.precision]
        found = fetched[fetched["recall"] >= question.recall]
        return Advice(
            question=question,
            run=self.run.path.name,
            collection=str(self.dataset["collection"]),
            engine=self.engine,
            documents=self.documents,
            schemes=self.schemes,
            considered=len(table),
            evidence=Evidence.of(question, table, None if told is None else told.row),
            chosen=chosen,
            beyond=beyond,
            nearest=lacking,
            best_recall=float(precise["recall"].max()),
            best_precision=float(found["model_precision"].max()),
            fewest_candidates=float(table["candidates"].min()),
        )


def _milliseconds(choice: Choice) -> float:
    return float("inf") if choice.speed is None else choice.speed.milliseconds


def _swept(sweep: RunFolder, images: int, config: Mapping[str, Any]) -> pd.DataFrame:
    """What a sweep knows; where chosen words begin only its config says."""
    quality, pairs = sweep.table("sweep"), sweep.table("wrong_pairs")
    sizes = smallest_sizes(quality, sweep.table("sizes"))
    known = swept(sweep.table("by_cutoff"), pairs, quality, sizes, images)
    if known.empty:
        raise RunError(f"{sweep.path} has no scheme of which both quality and size are known")
    listed = [config.get("reference", {}), *config.get("always", [])]
    spacing = {scheme_name(one): one.spacing for one in map(WordScheme.from_config, listed)}
    spaced = zip(known["variant"], known["spacing"], strict=True)
    return known.assign(spacing=[spacing.get(name, told) for name, told in spaced])


def _scale_manifest(folder: RunFolder) -> dict[str, Any]:
    manifest = read_manifest(folder)
    if manifest.get("kind") != "scale":
        raise RunError(f"{folder.path} is not a scale run; give the folder of one")
    return manifest


def _plain(value: Any) -> Any:
    """A NumPy scalar as a Python one; NaN and infinity, which JSON lacks, as None."""
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, float) and not abs(plain) < float("inf"):
        return None
    return plain
