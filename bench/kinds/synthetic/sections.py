"""Sections of configs that go beyond the real documents: which these are, and what is drawn."""

from typing import Annotated, Literal

from pydantic import Field

from bench.kinds.synthetic.model import SEEN
from bench.kinds.synthetic.pairs import CUTOFFS
from bench.runs.config_file import Section


class RealPictures(Section):
    """Where the real documents come from; all of the collection's originals are taken."""

    collection: str = "photos"
    tiles: list[Annotated[int, Field(ge=16)]] | None = None
    seed: int = Field(default=0, ge=0)


class Queries(Section):
    """What is searched for, as an experiment's `dataset` says it.

    `documents` are the real ones: so many, the originals of the queries among them.
    """

    documents: Annotated[int, Field(ge=10)] | Literal["rest"] | None = "rest"
    queries: Annotated[int, Field(ge=0)] = 400
    natural_queries: Annotated[int, Field(ge=0)] | Literal["all"] = 0
    no_match_share: float = Field(default=0.2, ge=0, le=0.9)
    transforms: str | list[str] = "quick"


class Synthetic(Section):
    """Documents beyond the real ones, and how like them they must be.

    `seen` is the number of signatures that training looks at. The tolerance is the largest relative
    difference of the words' statistics, averaged over the positions.
    Unrelated pairs that are alike may be `pairs_factor` times as many as of real documents, or one
    in so many; `score_factor` times where many long words are equal, of which there are too few.
    See `bench.kinds.synthetic.likeness` and `bench.kinds.synthetic.pairs`.
    """

    seed: int = Field(default=0, ge=0)
    seen: int = Field(default=SEEN, ge=100)
    words_tolerance: float = Field(default=0.15, gt=0, lt=1)
    # Of runs of before, and of their names, they are no part.
    pairs_factor: float = Field(default=5.0, ge=2, exclude_if=lambda value: value == 5)
    score_factor: float = Field(default=20.0, ge=2, exclude_if=lambda value: value == 20)

    @property
    def factors(self) -> dict[str, float]:
        """The factor of each statistic of pairs."""
        return dict.fromkeys(CUTOFFS, self.pairs_factor) | {"score": self.score_factor}
