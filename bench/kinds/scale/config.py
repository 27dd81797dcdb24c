"""Scale runs: which variants are measured at which sizes, and what is predicted; read from YAML."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from bench.cost.settings import Cost
from bench.index.variant import Variant
from bench.kinds.scale.kept import path_field
from bench.kinds.sections import NamedVariant, RunConfig, canonical_variants, expand_variants
from bench.kinds.synthetic.sections import Queries, RealPictures, Synthetic
from bench.report.historical import PUBLISHED, PublishedSize
from bench.runs.config_file import Section
from bench.runs.errors import ExperimentError, MeasurementError
from bench.signing.dataset import Dataset
from bench.sizes.projection import GB, LUCENE_LIMIT, Cluster
from imgsig.layouts import NarrowedVector

#: Documents of a variant that are loaded before the first of them are settled.
LOADED_AHEAD = 60_000


class SizedCost(Cost):
    """Searches of all indices of a size, timed in turn while all of them are there.

    `sizes` are those that are timed; empty for all that hold every real document. Of `indexing`
    only `documents` is used: those of a bulk request of `while_indexing`.
    """

    sizes: list[int] = Field(default_factory=list)


class Quality(Section):
    """What is found at each size that holds every real document, of the `size` best of a query.

    `k` is the rank that is taken off as the background of an answer. Of `live` queries the hits of
    every index are compared with those computed without it; graphs of neighbours answer them for
    each of `num_candidates`, indices of bits and words also for each least number of
    `filtering_words` that a document must share with the query, and all of them also with a filter
    that keeps each of `filtered_shares` of the documents, see `bench.kinds.scale.kept`.
    """

    size: int = Field(default=100, ge=2, le=1_000)
    k: int = Field(default=3, ge=2)  # of the best itself nothing would be left
    live: int = Field(default=100, ge=10)
    num_candidates: list[Annotated[int, Field(ge=1, le=10_000)]] = Field(
        default=[100, 200, 400, 800], min_length=1
    )
    # Of runs of before they are no part.
    filtering_words: list[Annotated[int, Field(ge=1)]] = Field(
        default=[], exclude_if=lambda value: not value
    )
    filtered_shares: list[Annotated[float, Field(gt=0, lt=1)]] = Field(
        default=[], exclude_if=lambda value: not value
    )
    resamples: int = Field(default=2_000, ge=100)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    seed: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        for name in ("filtering_words", "filtered_shares"):
            given = getattr(self, name)
            if len(set(given)) < len(given):
                raise ValueError(f"{name}: each number once, not {given}")
        if self.k >= self.size:
            raise ValueError(f"k: {self.k} is no rank below the {self.size} hits that are fetched")
        if min(self.num_candidates) < self.size:
            raise ValueError(
                f"num_candidates: {min(self.num_candidates)} are fewer than the {self.size} hits "
                "that are fetched"
            )
        return self


class Tail(Section):
    """All pairs of real pictures of different scenes, counted by score.

    Models of how they become fewer are fitted to half of the scenes, which `seed` draws, from the
    highest score on that still keeps so many `pairs`. Pictures below `quality` (see
    `imgsig.quality`) are left out: plain ones equal each other whatever they show.
    """

    pairs: int = Field(default=1_000, ge=50)
    quality: float = Field(default=0.1, ge=0, le=1)
    seed: int = Field(default=0, ge=0)


class BuiltSynthetic(Synthetic):
    """What is drawn, and the largest relative difference of the bytes a document of its index."""

    bytes_tolerance: float = Field(default=0.03, gt=0, lt=1)


class Projection(Section):
    """What is predicted, see `bench.sizes.projection.Cluster`."""

    documents: list[Annotated[int, Field(ge=1)]] = Field(
        default=[100_000_000, 800_000_000, 1_000_000_000], min_length=1
    )
    shard_gb: float = Field(default=50.0, gt=0)
    shard_documents: int = Field(default=200_000_000, ge=1, le=LUCENE_LIMIT)
    replicas: int = Field(default=1, ge=0, le=5)
    node_gb: float = Field(default=2_000.0, gt=0)
    watermark: float = Field(default=0.85, gt=0, le=1)

    @model_validator(mode="after")
    def _merges(self) -> Self:
        if self.shard_gb * GB > self.cluster.largest_shard:
            raise ValueError(
                f"a shard of shard_gb: {self.shard_gb:g} takes as much again while it is merged, "
                f"more than a node of node_gb: {self.node_gb:g} has, of which "
                f"{self.watermark:.0%} may be filled; choose smaller shards or larger nodes"
            )
        return self

    @property
    def cluster(self) -> Cluster:
        """The cluster that is reckoned with."""
        return Cluster(**self.model_dump(exclude={"documents"}))


class Scale(RunConfig):
    """A whole scale run, as its YAML file says it.

    Sizes are the documents of each index, ascending, five at least: real ones first, then
    synthetic. The largest is held out to test the fit, then used. Of figures that users reported
    (see `REPORTED`), `reported` names the variant to compare with.

    With `queries` the indices are searched too: `cost` is what that takes at each size, `quality`
    what it finds.
    """

    version: Literal[1] = 1
    kind: Literal["scale"]
    pictures: RealPictures = RealPictures()
    variants: list[NamedVariant] = Field(min_length=1)
    sizes: list[Annotated[int, Field(ge=100, le=25_000_000)]] = Field(min_length=5)
    synthetic: BuiltSynthetic = BuiltSynthetic()
    projection: Projection = Projection()
    reported: dict[str, str] = Field(default={})
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    # What came later is no part of the canonical form of those that do without.
    queries: Queries | None = Field(default=None, exclude_if=lambda value: value is None)
    cost: SizedCost | None = Field(default=None, exclude_if=lambda value: value is None)
    quality: Quality | None = Field(default=None, exclude_if=lambda value: value is None)
    tail: Tail | None = Field(default=None, exclude_if=lambda value: value is None)

    @model_validator(mode="after")
    def _searched(self) -> Self:
        searched = [name for name in ("cost", "quality") if getattr(self, name) is not None]
        if searched and self.queries is None:
            raise ExperimentError(f"{searched[0]}: there is nothing to search for; give queries")
        if self.queries is not None and not searched:
            raise ExperimentError("queries: nothing is measured of them; give cost or quality")
        if self.cost is not None:
            names = [variant.index_name for variant in self.expand()]
            for kind, given, known in (
                ("variants", self.cost.variants, names),
                ("sizes", self.cost.sizes, self.sizes),
            ):
                for one in given:
                    if one not in known:
                        raise ExperimentError(
                            f"cost.{kind}: there is no {one!r} among {', '.join(map(str, known))}"
                        )
        return self

    @model_validator(mode="after")
    def _narrowed(self) -> Self:
        least = [] if self.quality is None else self.quality.filtering_words
        if not least:
            return self
        both = [
            one for one in self.expand() if isinstance(one.identity.layout.matcher, NarrowedVector)
        ]
        if not both:
            raise ExperimentError(
                "quality.filtering_words: no variant has words that could narrow its vectors; give "
                "one of layout vector_sign_flat_keyword"
            )
        for one in both:
            if max(least) > one.N:
                raise ExperimentError(
                    f"quality.filtering_words: {max(least)} words are more than {one.index_name} "
                    f"has, {one.N}"
                )
        return self

    @model_validator(mode="after")
    def _filtered(self) -> Self:
        if self.quality is not None and self.quality.filtered_shares:
            for one in self.expand():
                try:
                    path_field(one.identity.layout)
                except ExperimentError as error:
                    raise ExperimentError(
                        f"quality.filtered_shares: {one.index_name} cannot be filtered: {error}"
                    ) from error
        return self

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.sizes != sorted(set(self.sizes)):
            raise ExperimentError(f"sizes must ascend, each once, not {self.sizes}")
        names = [variant.index_name for variant in self.expand()]
        for figure, variant in self.reported.items():
            if figure not in REPORTED:
                raise ExperimentError(
                    f"reported: there is no figure {figure!r}; there are: {', '.join(REPORTED)}"
                )
            if variant not in names:
                raise ExperimentError(
                    f"reported.{figure}: there is no variant {variant!r}; there are: "
                    f"{', '.join(names)}"
                )
        return self

    @property
    def dataset(self) -> Dataset:
        """The collection's originals, and the queries; one, where none are asked for."""
        pictures = self.pictures.model_dump()
        if self.queries is not None:
            return Dataset(**pictures, **self.queries.model_dump())
        return Dataset(**pictures, documents=None, queries=1, no_match_share=0.0)

    def searched_sizes(self, real: int) -> list[int]:
        """Sizes at which indices are searched: those that hold every real document."""
        if self.queries is None:
            return []
        found = [size for size in self.sizes if size >= real]
        if not found:
            raise MeasurementError(
                f"queries: of the {real:,} real documents the largest size, {self.sizes[-1]:,}, "
                "leaves some out, which may be right answers; give a larger size, or "
                "queries.documents"
            )
        return found

    def timed_sizes(self, real: int) -> list[int]:
        """Sizes at which searches are timed."""
        if self.cost is None:
            return []
        searched = self.searched_sizes(real)
        for size in self.cost.sizes:
            if size not in searched:
                raise MeasurementError(
                    f"cost.sizes: {size:,} documents leave some of the {real:,} real ones out, "
                    f"which may be right answers; give some of {', '.join(map(str, searched))}, or "
                    "fewer queries.documents"
                )
        return [size for size in searched if not self.cost.sizes or size in self.cost.sizes]

    def judged_sizes(self, real: int) -> list[int]:
        """Sizes at which what is found is judged."""
        return [] if self.quality is None else self.searched_sizes(real)

    def expand(self) -> list[Variant]:
        """The variants, in order."""
        return expand_variants(self.variants)

    def canonical(self) -> dict[str, Any]:
        """The canonical form: each variant in its own."""
        form = self.model_dump(mode="json", exclude={"title", "variants"})
        return form | {"variants": canonical_variants(self.expand())}


def check_size(sizes: Sequence[int], real: int) -> int | None:
    """The size at which synthetic documents are checked: the largest without any."""
    if sizes[-1] <= real:
        return None
    if sizes[0] > real:
        raise MeasurementError(
            f"the smallest size, {sizes[0]:,}, is more than the {real:,} real documents; add a "
            "size that these suffice for, so that synthetic ones can be compared with them"
        )
    return max(size for size in sizes if size <= real)


#: Names of the published figures that are of whole collections, and of the fear that began the
#: discussion: 1.2 TB for 800 million images without their signatures. A person wrote that, in
#: decimal units: 11.9 "gb" of Elasticsearch for 8.3 million images are 1.23 TB for 800 million.
REPORTED: dict[str, PublishedSize] = {
    size.what.replace(" ", "_"): size for size in PUBLISHED if size.documents >= 1_000_000
} | {"feared_without_signature": PublishedSize("feared, without signature", 800_000_000, 1.2e12)}
