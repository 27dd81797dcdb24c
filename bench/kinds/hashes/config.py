"""Hash runs: which hashes stand beside which indices of our own, read from YAML."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bench.index.variant import Variant
from bench.kinds.hashes.foreign import HashVariant
from bench.kinds.sections import (
    NamedVariant,
    Resampling,
    RunConfig,
    Search,
    check_lossless,
    check_ranks,
    expand_variants,
)
from bench.peers.hashes import HASHES, Hash, get_hash
from bench.runs.config_file import Section
from bench.runs.errors import ExperimentError
from bench.signing.dataset import Dataset
from imgsig.layouts import Vector


class Timed(Section):
    """How many searches of each index are timed in turn, and on how many pictures each hash."""

    searches: int = Field(default=200, ge=20)
    pictures: int = Field(default=100, ge=10)


class Perception(Section):
    """Photographs that perception's own benchmark is made again on, one of each scene."""

    collection: str = "pictures"
    stratum: str = "photographs"
    photographs: int = Field(default=500, ge=10)


class Hashes(RunConfig):
    """A whole hash run, as its YAML file says it.

    `hashes` are names of `bench.peers.hashes.HASHES`. The first of `variants`, our own, is what all
    others are compared with: bits alone. `k` are the ranks that a background is tried at.
    `perception` has the hashes judged as perception judges them, too.
    """

    version: Literal[1] = 1
    kind: Literal["hashes"]
    dataset: Dataset = Dataset()
    hashes: list[str] = Field(default=[one.name for one in HASHES], min_length=1)
    variants: list[NamedVariant] = Field(min_length=1)
    k: list[Annotated[int, Field(ge=1)]] = Field(default=[1, 3, 5, 10, 20, 50, 75], min_length=1)
    perception: Perception | None = None
    search: Search = Search()
    timed: Timed = Timed()
    evaluation: Resampling = Resampling()

    @model_validator(mode="after")
    def _possible(self) -> Self:
        known = [one.name for one in HASHES]
        for name in self.hashes:
            if name not in known:
                raise ExperimentError(f"hashes: {name!r} is none of {', '.join(known)}")
            if self.hashes.count(name) > 1:
                raise ExperimentError(f"hashes: {name!r} is there twice; name each once")
        variants = self.expand()
        first = variants[0].identity.layout.matcher
        if not (isinstance(first, Vector) and first.element == "bit" and first.exact):
            raise ExperimentError(
                f"{variants[0].index_name}: the first variant is what hashes are compared with; "
                "it must have flat vectors of bits"
            )
        for one in variants:
            if not one.ranks_exactly:
                raise ExperimentError(
                    f"{one.index_name}: layout {one.layout!r} neither counts words at their "
                    "positions nor compares with all vectors of bits; choose one that does"
                )
            if one.counts_words:  # those are ranked by distance where there is one
                check_lossless(one)
        names = {HashVariant.of(one).index_name: one.name for one in self.chosen()}
        for one in variants:
            if one.index_name in {*names, *names.values()}:
                of = names.get(one.index_name, one.index_name)
                raise ExperimentError(
                    f"variants: {one.index_name!r} is a name of hash {of!r}; give the variant "
                    "another"
                )
        check_ranks(self.k, self.search.size)
        return self

    def expand(self) -> list[Variant]:
        """Our own variants."""
        return expand_variants(self.variants)

    def chosen(self) -> list[Hash]:
        """The hashes."""
        return [get_hash(name) for name in self.hashes]
