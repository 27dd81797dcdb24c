"""Node runs: which indices are spread over how many shards and copies, read from YAML."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from bench.index.variant import Variant
from bench.kinds.sections import (
    Engine,
    NamedVariant,
    Resampling,
    RunConfig,
    Search,
    canonical_variants,
    expand_variants,
)
from bench.kinds.synthetic.sections import Queries, RealPictures, Synthetic
from bench.runs.config_file import Section
from bench.runs.errors import ExperimentError
from bench.signing.dataset import Dataset


class Loss(Section):
    """How a node is lost while one client searches; seconds.

    The client sends `rate` searches a second at most, each when its last one was answered, from
    `before` the node is killed until `after` all copies are there again, or until `limit`. Copies
    that were on the node are made again once it is gone for `delayed`
    (``index.unassigned.node_left.delayed_timeout``, which is a minute where nobody sets it). Then
    `refused` searches are sent to each index without replicas.

    https://www.elastic.co/docs/deploy-manage/distributed-architecture/shard-allocation-relocation-recovery/delaying-allocation-when-node-leaves
    """

    before: float = Field(default=5.0, ge=1)
    rate: float = Field(default=20.0, gt=0, le=1_000)
    delayed: int = Field(default=5, ge=0)
    after: float = Field(default=5.0, ge=0)
    limit: float = Field(default=600.0, ge=10)
    refused: int = Field(default=20, ge=1)


class Nodes(RunConfig):
    """A whole node run, as its YAML file says it.

    Of each variant there is an index of one shard with all `documents`, one of `shards`, one of
    `shards` with `replicas` of each, and one of a shard with as many documents as each of these
    holds, by which the bytes of the others are predicted. Real documents come first, then synthetic
    ones.
    """

    version: Literal[1] = 1
    kind: Literal["nodes"]
    engine: Engine = Engine(nodes=3)
    pictures: RealPictures = RealPictures()
    queries: Queries = Queries()
    variants: list[NamedVariant] = Field(min_length=1)
    synthetic: Synthetic = Synthetic()
    documents: Annotated[int, Field(ge=100, le=25_000_000)]
    shards: int = Field(default=3, ge=2, le=100)
    replicas: int = Field(default=1, ge=1, le=5)
    search: Search = Search()
    evaluation: Resampling = Resampling(resamples=2_000)
    loss: Loss = Loss()

    @model_validator(mode="after")
    def _possible(self) -> Self:
        least = max(3, self.replicas + 2)
        if self.engine.nodes < least:
            raise ExperimentError(
                f"engine.nodes: of {self.engine.nodes} nodes none can be lost so that the others "
                f"agree on a master and hold {self.replicas + 1} copies; give at least {least}"
            )
        if self.search.score_cutoff is not None or self.search.distance_cutoff is not None:
            raise ExperimentError("search: hits are compared as they come; leave out the cutoffs")
        for variant in self.expand():
            if not variant.ranks_exactly:
                raise ExperimentError(
                    f"{variant.index_name}: answers of shards are compared hit for hit, which "
                    "takes an index that ranks every document by equal words or bits; choose such "
                    "a layout"
                )
        return self

    @property
    def dataset(self) -> Dataset:
        """The real documents, and the queries."""
        return Dataset(**self.pictures.model_dump(), **self.queries.model_dump())

    def expand(self) -> list[Variant]:
        """The variants, in order."""
        return expand_variants(self.variants)

    def canonical(self) -> dict[str, Any]:
        """The canonical form: each variant in its own."""
        form = self.model_dump(mode="json", exclude={"title", "variants"})
        return form | {"variants": canonical_variants(self.expand())}
