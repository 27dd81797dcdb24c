"""What is measured of a search's and an index's cost: the section ``cost`` of an experiment."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from bench.runs.config_file import Section
from bench.runs.errors import ExperimentError

#: What comes back with a hit: its id alone, its path, or what ranking by distance needs.
Fetch = Literal["id", "path", "signature"]
#: ``warm``: after unmeasured searches. ``cold``: the first search after the index was closed, its
#: files dropped from the page cache, and opened again. ``reopened``: the same where the files are
#: on another machine, so that the page cache stays as it was. See `bench.cost.searching`.
State = Literal["warm", "cold", "reopened"]


@dataclass(frozen=True)
class Condition:
    """Under what a search is timed."""

    clients: int = 1  # threads that send the next search when theirs has been answered
    minimum_should_match: int = 1  # words that must be equal for a document to be a hit
    fetch: Fetch = "signature"
    state: State = "warm"
    #: Whether documents of equal scores come in the order in which they were indexed, by a second
    #: sort key; image-match asks for none
    second_key: bool = True
    #: Whether documents are added meanwhile, to a further index of the same kind on the same engine
    ingest: bool = False
    terms_set: bool = False  # words asked for as one set, not by a clause each
    #: Searches in one request, as the eight orientations of a picture are asked for; its times are
    #: of the whole request
    together: int = 1

    def columns(self) -> dict[str, Any]:
        """The condition as columns of samples; axes of `LATER` only where they are varied."""
        base = asdict(Condition())
        return {
            axis: value
            for axis, value in asdict(self).items()
            if axis not in LATER or value != base[axis]
        }

    @property
    def label(self) -> str:
        """What differs from the base, for a figure or a file name."""
        base = asdict(Condition())
        parts = [f"{key}-{value}" for key, value in asdict(self).items() if value != base[key]]
        return "-".join(parts) or "base"


#: Axes that came later: samples of before, and those of runs that do not vary them, have no such
#: column.
LATER = ("second_key", "ingest", "terms_set", "together")


#: Endings of the names of further indices: those that are loaded to be timed, and those that
#: documents are added to while others are searched.
TIMED, ADDED = "-timed", "-added"


def check_names(names: Collection[str]) -> None:
    """Refuse names of indices of which one is that of a further index of another."""
    for name in names:
        for ending in (TIMED, ADDED):
            if f"{name}{ending}" in names:
                raise ExperimentError(
                    f"variants: {f'{name}{ending}'!r} is also the further index that {name!r} is "
                    "timed with; give one of the two another name"
                )


class Indexing(Section):
    """Bulk requests that are timed."""

    #: Timed bulk requests of each variant; one more is sent before, not timed
    batches: int = Field(default=8, ge=2, le=100)
    documents: int = Field(default=1_000, ge=10, le=5_000)  # documents in each


def _not_one(searches: int) -> int:
    if searches == 1:
        raise ValueError("one search shows no spread; give 0 to leave them out, or 2 or more")
    return searches


class Cost(Section):
    """Conditions of the searches that are timed.

    One axis is varied at a time, from a base of one client, ``minimum_should_match`` 1, the
    signature fetched, warm.
    """

    #: Names of the indices that are timed, the first of which the others are compared with; empty
    #: for all
    variants: list[str] = Field(default_factory=list)
    #: Searches of each variant at the base; 1,000 support a 99th percentile
    queries: int = Field(default=1_000, ge=10)
    #: Searches of each variant at every other condition
    axis_queries: int = Field(default=240, ge=10)
    #: The axes, the base left out
    clients: list[Annotated[int, Field(ge=2, le=8)]] = Field(default=[2, 4, 8])
    minimum_should_match: list[Annotated[int, Field(ge=2)]] = Field(default=[2, 4, 8])
    fetch: list[Literal["id", "path"]] = Field(default=["id", "path"])
    #: Cold searches of each variant; 0 leaves them out
    cold: Annotated[int, Field(ge=0), AfterValidator(_not_one)] = 24
    # What came later is no part of the canonical form of those that do without.
    #: Whether searches without a second sort key are timed
    without_second_key: bool = Field(default=False, exclude_if=lambda value: not value)
    #: Whether searches are timed while documents are added, `indexing.documents` a request
    while_indexing: bool = Field(default=False, exclude_if=lambda value: not value)
    #: Whether words asked for as one set are timed, where they are in one field (Elasticsearch)
    terms_set: bool = Field(default=False, exclude_if=lambda value: not value)
    #: Searches in one request
    together: list[Annotated[int, Field(ge=2, le=64)]] = Field(
        default_factory=list, exclude_if=lambda value: not value
    )
    indexing: Indexing = Indexing()
    #: of the bootstrap of the ratios
    resamples: int = Field(default=2_000, ge=100)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    seed: int = Field(default=0, ge=0)

    def bootstrap(self) -> dict[str, Any]:
        """Arguments of `bench.cost.percentiles.median_ratio`."""
        return self.model_dump(include={"resamples", "confidence", "seed"})

    def conditions(self) -> list[tuple[Condition, int]]:
        """Every condition with the number of searches of each variant, the base first."""
        base = Condition()
        axes: tuple[str, ...] = ("clients", "minimum_should_match", "fetch", "together")
        varied = [
            (replace(base, **{axis: value}), self.axis_queries)
            for axis in axes
            for value in getattr(self, axis)
        ]
        if self.without_second_key:
            varied.append((replace(base, second_key=False), self.axis_queries))
        if self.terms_set:
            varied.append((replace(base, terms_set=True), self.axis_queries))
        if self.while_indexing:
            varied.append((replace(base, ingest=True), self.axis_queries))
        cold = [(replace(base, state="cold"), self.cold)] if self.cold else []
        return [(base, self.queries), *varied, *cold]
