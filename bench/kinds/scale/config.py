"""Scale runs: which variants are measured at which sizes, and what is foretold; read from YAML."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from bench.index.variant import Variant
from bench.kinds.scale.synthetic import SEEN
from bench.kinds.sections import NamedVariant, RunConfig, canonical_variants, expand_variants
from bench.report.historical import PUBLISHED, PublishedSize
from bench.runs.config_file import Section
from bench.runs.errors import ExperimentError, MeasurementError
from bench.signing.dataset import Dataset
from bench.sizes.projection import LUCENE_LIMIT, Cluster

#: Documents of a variant that are loaded before the first of them are settled.
LOADED_AHEAD = 60_000


class RealPictures(Section):
    """Where the real documents come from; all of the collection's originals are taken."""

    collection: str = "photos"
    tiles: list[Annotated[int, Field(ge=16)]] | None = None
    seed: int = Field(default=0, ge=0)


class Synthetic(Section):
    """Documents beyond the real ones, and how like them they must be.

    `seen` is the number of signatures that training looks at. Tolerances are the largest relative
    difference of the words' statistics, averaged over the positions, and of the bytes a document;
    see `bench.kinds.scale.synthetic`.
    """

    seed: int = Field(default=0, ge=0)
    seen: int = Field(default=SEEN, ge=100)
    words_tolerance: float = Field(default=0.15, gt=0, lt=1)
    bytes_tolerance: float = Field(default=0.03, gt=0, lt=1)


class Projection(Section):
    """What is foretold, see `bench.sizes.projection.Cluster`."""

    documents: list[Annotated[int, Field(ge=1)]] = Field(
        default=[100_000_000, 800_000_000, 1_000_000_000], min_length=1
    )
    shard_gb: float = Field(default=50.0, gt=0)
    shard_documents: int = Field(default=200_000_000, ge=1, le=LUCENE_LIMIT)
    replicas: int = Field(default=1, ge=0, le=5)
    node_gb: float = Field(default=2_000.0, gt=0)
    watermark: float = Field(default=0.85, gt=0, le=1)

    @property
    def cluster(self) -> Cluster:
        """The cluster that is reckoned with."""
        return Cluster(**self.model_dump(exclude={"documents"}))


class Scale(RunConfig):
    """A whole scale run, as its YAML file says it.

    Sizes are the documents of each index, ascending, five at least: real ones first, then
    synthetic. The largest is held out to test the fit, then used. Of figures that users reported
    (see `REPORTED`), `reported` names the variant to compare with.
    """

    version: Literal[1] = 1
    kind: Literal["scale"]
    pictures: RealPictures = RealPictures()
    variants: list[NamedVariant] = Field(min_length=1)
    sizes: list[Annotated[int, Field(ge=100, le=10_000_000)]] = Field(min_length=5)
    synthetic: Synthetic = Synthetic()
    projection: Projection = Projection()
    reported: dict[str, str] = Field(default={})
    confidence: float = Field(default=0.95, gt=0.5, lt=1)

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
        """The collection's originals, and one query, which no kind of signing goes without."""
        pictures = self.pictures.model_dump()
        return Dataset(**pictures, documents=None, queries=1, no_match_share=0.0)

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
