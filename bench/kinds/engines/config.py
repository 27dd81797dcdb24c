"""Engine runs: which engines hold and search the same indices; read from YAML."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from bench.cost.settings import Indexing, check_names
from bench.engine.catalog import Distribution
from bench.index.variant import Variant
from bench.kinds.sections import (
    NamedEngine,
    NamedVariant,
    Resampling,
    RunConfig,
    canonical_variants,
    expand_variants,
)
from bench.runs.config_file import Section
from bench.runs.errors import ExperimentError
from bench.signing.dataset import Dataset
from imgsig.layouts import get_layout


class Searches(Section):
    """Hits asked for, and how many searches of each index are timed on both engines of a pair.

    As many are sent before, off the record.
    """

    size: int = Field(default=100, ge=1, le=10_000)
    timed: int = Field(default=200, ge=10)


class Engines(RunConfig):
    """A whole engine run, as its YAML file says it.

    The first of `engines` is what the others are compared with. Each starts by itself, loads every
    variant, settles it and answers every query. Then the first and each of the others start anew,
    two servers at a time, and are timed in alternation: each search, and each bulk request of
    `indexing`, goes to one and then to the other, which begin in turn. So what the machine does
    meanwhile meets both, and both are as warm. `engine` says heap and free disk of each server.
    """

    version: Literal[1] = 1
    kind: Literal["engines"]
    engines: list[NamedEngine] = Field(min_length=1)
    dataset: Dataset = Dataset()
    variants: list[NamedVariant] = Field(min_length=1)
    search: Searches = Searches()
    indexing: Indexing = Indexing()
    bootstrap: Resampling = Resampling()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        titles = [one.title for one in self.distributions]
        if twice := sorted({title for title in titles if titles.count(title) > 1}):
            raise ExperimentError(f"engines: {', '.join(twice)} is there twice; name each once")
        if {"name", "version", "nodes"} & self.engine.model_fields_set:
            raise ExperimentError(
                "engine: the engines are those under 'engines', of one node each; give no other "
                "key here than heap and disk_floor"
            )
        variants = self.expand()
        check_names([one.index_name for one in variants])
        layouts = {one.layout for one in variants}
        first, *others = (
            (one.title, {name for name in layouts if get_layout(name).needs & one.lacks})
            for one in self.distributions
        )
        if first[1]:
            raise ExperimentError(
                f"engines: the others are compared with {first[0]}, which cannot hold layout "
                f"{', '.join(sorted(first[1]))}. Leave that out, or name first an engine that can"
            )
        if others and all(lacking == layouts for _, lacking in others):
            raise ExperimentError(
                f"engines: {', '.join(title for title, _ in others)} can hold no layout of these "
                f"variants ({', '.join(sorted(layouts))}), so there is nothing to compare with "
                f"{first[0]}. Add a variant that another engine can hold, or name {first[0]} alone"
            )
        return self

    @property
    def distributions(self) -> list[Distribution]:
        """What is started, the first to be compared with."""
        return [one.distribution for one in self.engines]

    def expand(self) -> list[Variant]:
        """The variants, in order."""
        return expand_variants(self.variants)

    def canonical(self) -> dict[str, Any]:
        """The canonical form: variants as what they come to, of `engine` the heap alone."""
        named: Any = {"title": True, "variants": True, "engine": {"name", "version", "nodes"}}
        form = self.model_dump(mode="json", exclude=named)
        return form | {"variants": canonical_variants(self.expand())}
