"""Experiments: what is to be measured, read from YAML and checked before anything runs."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from bench.cost.settings import Cost, check_names
from bench.index.variant import Variant
from bench.kinds.sections import (
    Matrix,
    NamedVariant,
    Resampling,
    RunConfig,
    Search,
    canonical_variants,
    expand_variants,
)
from bench.runs.config_file import Section
from bench.runs.errors import ExperimentError
from bench.signing.dataset import Dataset
from imgsig.layouts import get_layout

#: What a config says so that indices are dropped once they are measured, and are spread.
DROP, SPREAD = "index: {keep: false}", "index: {shards: N}"


class Index(Section):
    """How every index is spread over nodes, and whether it stays until the end of the run.

    Without `keep` each index is dropped when nothing needs it any more, so that many fit on a small
    disk. That changes no result, and is no part of an experiment's identity.
    """

    shards: int = Field(default=1, ge=1, le=1024)
    replicas: int = Field(default=0, ge=0, le=10)
    keep: bool = Field(default=True, exclude=True)


class Experiment(RunConfig):
    """A whole experiment, as its YAML file says it."""

    version: Literal[1] = 1
    kind: Literal["experiment"] = "experiment"
    dataset: Dataset = Dataset()
    signature: dict[str, Any] = Field(default_factory=dict)
    variants: list[NamedVariant] = Field(default_factory=list)
    matrix: Matrix | None = None
    index: Index = Index()
    search: Search = Search()
    evaluation: Resampling = Resampling()
    cost: Cost | None = None

    @model_validator(mode="after")
    def _expandable(self) -> Self:
        variants = self.expand()
        names = [variant.index_name for variant in variants]
        for name in self.cost.variants if self.cost is not None else ():
            if name not in names:
                raise ExperimentError(
                    f"cost.variants names {name!r}; the variants are {', '.join(names)}"
                )
        if self.cost is not None:
            check_names(names)
            timed = [one for one in variants if one.index_name in (self.cost.variants or names)]
            counting = [one.N for one in timed if get_layout(one.layout).matcher.counts_words]
            fewest, most = min(counting, default=0), max(self.cost.minimum_should_match, default=1)
            if counting and most > fewest:
                raise ExperimentError(
                    f"cost.minimum_should_match has {most}, and a variant that is timed has "
                    f"{fewest} words; leave out what is more, or time others (cost.variants)"
                )
        return self

    def expand(self) -> list[Variant]:
        """All variants, see `bench.kinds.sections.expand_variants`."""
        return expand_variants(self.variants, self.matrix, self.signature)

    def canonical(self) -> dict[str, Any]:
        """The canonical form: variants and matrix as the variants that they come to."""
        form = self.model_dump(mode="json", exclude={"title", "variants", "matrix"})
        return form | {"variants": canonical_variants(self.expand())}
