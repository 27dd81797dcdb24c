"""Measure indices of many sizes, each once, a stage of equal sizes at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from bench.disk.guard import DiskGuard
from bench.engine.client import Client
from bench.index.variant import Variant
from bench.kinds.scale.config import LOADED_AHEAD, Scale, check_size
from bench.kinds.synthetic.documents import Documents, Held
from bench.kinds.variant_state import VariantState, build, drop, measure

#: ``collection``: real documents first, synthetic ones where these do not suffice; ``synthetic``:
#: synthetic ones alone, to be compared with as many real ones.
Origin = Literal["collection", "synthetic"]


@dataclass(frozen=True)
class SizedIndex:
    """One index to measure; its name begins with that of the variant."""

    variant: str
    origin: Origin
    documents: int
    state: VariantState


def plan_jobs(scale: Scale, real: int, work: Path, run: str) -> list[list[SizedIndex]]:
    """All indices, in stages of equal size; those of synthetic documents alone come first."""
    stages: list[tuple[Origin, int]] = [("collection", size) for size in scale.sizes]
    size = check_size(scale.sizes, real)
    if size is not None:
        stages.insert(0, ("synthetic", size))
    return [
        [
            SizedIndex(variant.index_name, origin, size, _state(variant, origin, size, work, run))
            for variant in scale.expand()
        ]
        for origin, size in stages
    ]


def _state(variant: Variant, origin: Origin, size: int, work: Path, run: str) -> VariantState:
    name = f"{variant.index_name}-{size}" + ("-synthetic" if origin == "synthetic" else "")
    return VariantState(replace(variant, name=name), work / name, run)


class Searching(Protocol):
    """What searches the indices of a size, see `bench.kinds.scale.searched`."""

    def is_done(self, size: int) -> bool:
        """Whether nothing is left that needs the indices of a size."""

    def search(
        self, client: Client, jobs: Sequence[SizedIndex], advance: Callable[[int], object]
    ) -> None:
        """Search all indices of one size."""


def measure_all(
    client: Client,
    stages: Sequence[Sequence[SizedIndex]],
    documents: Documents,
    paths: Sequence[str] | None,
    *,
    keep: bool,
    loaded: Callable[[int], object],
    measured: Callable[[int], object],
    guard: DiskGuard,
    searching: Searching | None = None,
    searched: Callable[[int], object] = lambda done: None,
) -> None:
    """Measure what is not measured yet, and search what is to be searched.

    Retention leases are renewed every 30 seconds, and an index cannot settle before. So stages are
    loaded ahead of those that settle, but never so many that they fill the disk. What is searched
    is searched before a large stage is loaded, which would still be merged meanwhile.
    """

    def of(job: SizedIndex) -> Held:
        first = documents.first if job.origin == "collection" else documents.synthetic
        return Held(first(job.documents), paths)

    def waits(job: SizedIndex) -> bool:
        """Whether an index is still needed once it is measured."""
        if searching is None or job.origin != "collection":
            return False
        return not searching.is_done(job.documents)

    def settle(jobs: Sequence[SizedIndex]) -> None:
        for job in jobs:
            guard.learn(job.state.variant, measure(client, job.state, of(job)))
            measured(1)
            if not keep and not waits(job):
                drop(client, job.state)
        waiting = [job for job in jobs if waits(job)]
        for size in dict.fromkeys(job.documents for job in waiting):
            own = [job for job in waiting if job.documents == size]
            if searching is not None:
                searching.search(client, own, searched)
            for job in () if keep else own:
                drop(client, job.state)

    before: list[SizedIndex] = []
    for stage in [*stages, ()]:
        if stage and stage[0].documents > LOADED_AHEAD and any(map(waits, before)):
            settle(before)
            before = []
        waiting: list[SizedIndex] = []
        for job in stage:
            if job.state.is_measured and not waits(job):
                guard.learn(job.state.variant, job.state.storage)
                if job.state.has_index and not keep:  # stopped between measuring and dropping
                    drop(client, job.state)
                loaded(job.documents)
                measured(1)
                continue
            if not job.state.has_index:
                unmerged = [one.state.planned(one.documents) for one in (*before, *waiting)]
                guard.check(job.state.planned(job.documents), unmerged)
            build(client, job.state, of(job), loaded)
            waiting.append(job)
        ahead = sum(job.documents for job in before) / max(len(stage), 1)
        if stage and ahead < LOADED_AHEAD:
            before += waiting
            continue
        settle(before)
        before = waiting
