"""Remedy runs: what is stored of a picture, and what is asked for it, read from YAML."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bench.index.variant import Variant
from bench.kinds.remedies.made import Piece
from bench.kinds.sections import (
    Name,
    NamedVariant,
    Resampling,
    RunConfig,
    Search,
    check_ranks,
    expand_variants,
)
from bench.runs.config_file import Section
from bench.runs.errors import ExperimentError
from bench.signing.dataset import Dataset
from imgsig.index.orientations import chosen_orientations


class Grid(Section):
    """Pieces of one size: a share `side` of width and height, `each_way` across and down."""

    side: float = Field(ge=0.1, lt=1)
    each_way: int = Field(ge=1, le=12)

    def pieces(self) -> list[Piece]:
        """From the left, and from above: evenly spread, the outer ones at the edges."""
        last = self.each_way - 1
        places = [step / last if last else 0.5 for step in range(self.each_way)]
        return [Piece(self.side, across, down) for down in places for across in places]


class Remedy(Section):
    """What is done so that more is found.

    Of each picture further documents are stored: `pieces`, and all of them in the orientations
    `stored`. A query is searched for in the orientations `asked`, all in one request.
    """

    name: Name
    pieces: list[Grid] = Field(default=[])
    stored: Literal["as_is", "all"] = "as_is"
    asked: Literal["as_is", "all"] = "as_is"

    @property
    def is_none(self) -> bool:
        """Whether nothing is done."""
        return not self.pieces and self.stored == self.asked == "as_is"

    def every_piece(self) -> list[Piece]:
        """All pieces, each once."""
        return list(dict.fromkeys(one for grid in self.pieces for one in grid.pieces()))

    @property
    def orientations(self) -> tuple[str, ...]:
        """Those that are asked."""
        return chosen_orientations(self.asked)

    @property
    def stored_orientations(self) -> tuple[str, ...]:
        """Those that are stored."""
        return chosen_orientations(self.stored)

    @property
    def form(self) -> str:
        """What is stored, as text: remedies that store the same search the same index."""
        return self.model_dump_json(include={"pieces", "stored"})


class Timed(Section):
    """How many searches of each remedy are timed in turn, and on how many pictures signing."""

    searches: int = Field(default=200, ge=20)
    pictures: int = Field(default=50, ge=10)


class Remedies(RunConfig):
    """A whole remedy run, as its YAML file says it.

    Every remedy is tried on every one of `variants`, which rank by score. The first remedy does
    nothing: it is what all others are compared with. Documents of `dataset` are whole pictures, of
    which pieces are cut here. `k` are the ranks that a background is tried at.
    """

    version: Literal[1] = 1
    kind: Literal["remedies"]
    dataset: Dataset = Dataset(tiles=[])
    variants: list[NamedVariant] = Field(min_length=1)
    remedies: list[Remedy] = Field(min_length=2)
    k: list[Annotated[int, Field(ge=1)]] = Field(default=[1, 3, 5, 10, 20], min_length=1)
    search: Search = Search()
    timed: Timed = Timed()
    evaluation: Resampling = Resampling()

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.dataset.tiles != [] or self.dataset.planted:
            raise ExperimentError(
                "dataset: the documents are whole pictures, of which remedies store pieces; say "
                "tiles: [], and plant no copies"
            )
        if not self.remedies[0].is_none:
            raise ExperimentError(
                f"remedies: the first, {self.remedies[0].name!r}, is what all others are compared "
                "with; it has a name and nothing else"
            )
        for part in ("names", "remedies"):
            seen: set[str] = set()
            for one in self.remedies:
                said = one.name if part == "names" else one.model_dump_json(exclude={"name"})
                if said in seen:
                    raise ExperimentError(
                        f"remedies: {one.name!r} is there twice, by its name or by what it does; "
                        "name each once"
                    )
                seen.add(said)
        for variant in self.expand():
            if variant.stores_signature or not variant.ranks_exactly:
                raise ExperimentError(
                    f"{variant.index_name}: remedies are ranked by equal words or by all vectors "
                    "of bits alone; choose such a layout, with codec none"
                )
        owners: dict[str, str] = {}
        for variant, remedy, index in self.tried():
            owner = owners.setdefault(index, variant.index_name)
            if owner != variant.index_name:
                raise ExperimentError(
                    f"remedies: an index of {owner} is called {index!r}, and so is that of "
                    f"{variant.index_name} with remedy {remedy.name!r}; give one of the variants "
                    "or the remedy another name"
                )
        check_ranks(self.k, self.search.size)
        return self

    def tried(self) -> Iterator[tuple[Variant, Remedy, str]]:
        """Every remedy on the first variant, then on the next, each with the name of its index.

        That is of the first remedy that stores the same.
        """
        for variant in self.expand():
            of = variant.index_name
            names: dict[str, str] = {}
            for remedy in self.remedies:
                own = of if remedy.is_none else f"{of}-{remedy.name}"
                yield variant, remedy, names.setdefault(remedy.form, own)

    def expand(self) -> list[Variant]:
        """The variants, by the names that their indices without a remedy have."""
        return expand_variants(self.variants)
