"""Speed runs: which tools sign which files, and what of that is a goal; read from YAML."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bench.index.variant import Variant
from bench.kinds.sections import NamedVariant, Resampling, RunConfig, expand_variants
from bench.runs.config_file import Section
from bench.runs.errors import ExperimentError
from bench.signing.dataset import Dataset

Pixels = Annotated[int, Field(ge=16, le=10_000)]

#: Tools that stand beside one of ours: the first is what it is compared with.
BESIDE = {
    "exact": ("image-match", "decode", "pHash", "PDQ"),
    "fast": ("image-match", "decode"),
    "exact, array": ("image-match, array",),
}


class GoalPhotograph(Section):
    """A photograph of the collection by its id.

    Scaled to so many megapixels and stored again, or the file as it came where none are given.
    """

    photo: str
    megapixels: float | None = Field(default=None, gt=0, le=100)


class Goal(Section):
    """One row of the table: what is signed by which tool of `bench.peers.worker`.

    `ratio` is how many times as fast as image-match it is to be, None where it is no goal. `made`
    is width and height of a made JPEG that is signed too.
    """

    title: str
    tool: Literal["exact", "fast", "exact, array"]
    ratio: float | None = Field(default=None, gt=1)
    made: list[Pixels] | None = Field(default=None, min_length=2, max_length=2)
    photographs: list[GoalPhotograph] = Field(min_length=1)


class Pipeline(Section):
    """Pictures on their way into an index.

    The photographs of the collection in turn, again from the beginning, until there are `images`.
    `workers` are numbers of processes that sign.
    """

    images: int = Field(default=620, ge=2, le=1_000_000)
    repetitions: int = Field(default=2, ge=1, le=20)
    workers: list[Annotated[int, Field(ge=1, le=64)]] = Field(default=[1, 2], min_length=1)
    variants: list[NamedVariant] = Field(min_length=1)


class Speed(RunConfig):
    """A whole speed run, as its YAML file says it.

    Each tool signs each file `repetitions` times, and once before, off the record. `quality` says
    which documents and queries show what the fast mode does to a search, `oracle` how many made
    pictures are compared with image-match bit for bit (None: all), and `bootstrap` how intervals
    are made.
    """

    version: Literal[1] = 1
    kind: Literal["speed"]
    collection: str = "photos"
    repetitions: int = Field(default=9, ge=2, le=1000)
    goals: list[Goal] = Field(min_length=1)
    quality: Dataset = Dataset()
    pipeline: Pipeline
    oracle: int | None = Field(default=None, ge=0)
    bootstrap: Resampling = Resampling()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        titles = [goal.title for goal in self.goals]
        if twice := sorted({title for title in titles if titles.count(title) > 1}):
            raise ExperimentError(f"goals: {', '.join(twice)} is there twice; give each a title")
        self.expand()
        return self

    def expand(self) -> list[Variant]:
        """The variants of the pipeline, in order."""
        return expand_variants(self.pipeline.variants)
