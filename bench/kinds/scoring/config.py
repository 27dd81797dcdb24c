"""Scoring runs: which indices are built and how backgrounds are tuned, read from YAML."""

from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bench.index.variant import Variant
from bench.kinds.sections import (
    NamedVariant,
    Resampling,
    RunConfig,
    Search,
    check_lossless,
    check_ranks,
    expand_variants,
)
from bench.runs.config_file import Section
from bench.runs.errors import ExperimentError
from bench.signing.dataset import Dataset, Planted
from imgsig.layouts import NarrowedVector, Vector


class Clusters(Dataset):
    """The collection that is searched once more, with copies planted among its documents."""

    planted: Planted = Planted(clusters=20)


class Graph(Section):
    """Graphs of neighbours, each searched for so many candidates beside a flat scan.

    The first variant is the flat scan; all others have its vectors in graphs.
    """

    variants: list[NamedVariant] = Field(min_length=2)
    num_candidates: list[Annotated[int, Field(ge=1, le=10_000)]] = Field(
        default=[100, 150, 200, 400, 800], min_length=1
    )
    queries: int = Field(default=300, ge=1)

    def expand(self) -> list[Variant]:
        """All variants."""
        return expand_variants(self.variants)

    def check(self, size: int) -> None:
        """Refuse what is no comparison of graphs, of searches for `size` hits."""
        variants = self.expand()
        flat, *graphs = (one.identity.layout.matcher for one in variants)
        if not (isinstance(flat, Vector) and flat.exact and flat.element == "bit"):
            raise ExperimentError(
                f"graph: {variants[0].index_name} has no flat vectors of bits; give the flat scan "
                "first"
            )
        for one, matcher in zip(variants[1:], graphs, strict=True):
            if (
                not isinstance(matcher, Vector)
                or matcher.exact
                or replace(matcher, index="flat", m=0, ef_construction=0) != flat
            ):
                raise ExperimentError(
                    f"graph: {one.index_name} is no graph of the vectors of "
                    f"{variants[0].index_name}; choose a layout that is"
                )
        if min(self.num_candidates) < size:
            raise ExperimentError(
                f"graph: {min(self.num_candidates)} candidates are fewer than the {size} hits that "
                "are fetched; raise num_candidates or lower search.size"
            )


class Scoring(RunConfig):
    """A whole scoring run, as its YAML file says it.

    The first variant is what all others are compared with, ranked by distance: it counts words and
    stores signatures. `k` are the ranks that a background is tried at. `clusters` has planted
    copies, on which rules for the background are compared; `plain` are shares of values other than
    0 below which a signature is refused; `bits` are numbers of bits that are chosen from all;
    `sizes` are parts of the documents for which cutoffs are told too; `graph` compares graphs of
    neighbours with the flat scan; `filters` are least numbers of words that narrow bits, where an
    index has both; `learned` names the indices of words that are also searched with weights
    learned.
    """

    version: Literal[1] = 1
    kind: Literal["scoring"]
    dataset: Dataset = Dataset()
    clusters: Clusters | None = None
    graph: Graph | None = None
    variants: list[NamedVariant] = Field(min_length=1)
    k: list[Annotated[int, Field(ge=1)]] = Field(default=[1, 3, 5, 10, 20, 50, 75], min_length=1)
    plain: list[Annotated[float, Field(ge=0, le=1)]] = Field(
        default=[0, 0.05, 0.1, 0.2, 0.3, 0.5], min_length=1
    )
    bits: list[Annotated[int, Field(ge=8, le=272)]] = Field(default=[256, 192, 128, 64])
    filters: list[Annotated[int, Field(ge=1)]] = Field(default=[1, 2, 3, 5])
    sizes: list[Annotated[int, Field(ge=1)]] = Field(default=[2_000, 8_000])
    learned: list[str] = Field(default=[])
    search: Search = Search()
    evaluation: Resampling = Resampling()

    @model_validator(mode="after")
    def _possible(self) -> Self:
        variants = self.expand()
        for one in variants:
            if not one.ranks_exactly:
                raise ExperimentError(
                    f"{one.index_name}: layout {one.layout!r} neither counts words at their "
                    "positions nor compares with all vectors of bits; choose one that does"
                )
            check_lossless(one)
        if not (variants[0].counts_words and variants[0].stores_signature):
            raise ExperimentError(
                f"{variants[0].index_name}: the first variant is compared with, by distance; it "
                "must count words and store signatures"
            )
        counting = [one.index_name for one in variants if one.counts_words]
        for name in self.learned:
            if name not in counting:
                raise ExperimentError(
                    f"learned: weights are of words at their positions, and {name!r} is no index "
                    f"of such; there are {', '.join(counting)}"
                )
        check_ranks(self.k, self.search.size)
        for one in variants:
            both = isinstance(one.identity.layout.matcher, NarrowedVector)
            if both and max(self.filters, default=0) > one.N:
                raise ExperimentError(
                    f"filters: {max(self.filters)} words are more than {one.index_name} has, "
                    f"{one.N}"
                )
        if self.graph is not None:
            self.graph.check(self.search.size)
            names = {one.index_name for one in variants}
            if twice := names & {one.index_name for one in self.graph.expand()}:
                raise ExperimentError(
                    f"graph: an index is called {min(twice)!r} already; names are indices"
                )
        return self

    def expand(self) -> list[Variant]:
        """All variants."""
        return expand_variants(self.variants)
