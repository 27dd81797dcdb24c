"""Experiments: what is to be measured, read from YAML and checked before anything runs."""

from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from bench.cost.settings import Cost
from bench.index.variant import Variant
from bench.runs.canonical import short_hash
from bench.runs.config_file import Section, load_config
from bench.runs.errors import ExperimentError

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")]


class Dataset(Section):
    """Which pictures are indexed and which edited copies are searched for."""

    collection: str = "photos"
    documents: int | None = Field(default=20_000, ge=10)
    tiles: list[Annotated[int, Field(ge=16)]] | None = None
    queries: int | None = Field(default=1_000, ge=1)
    no_match_share: float = Field(default=0.2, ge=0, le=0.9)
    transforms: str | list[str] = "quick"
    seed: int = Field(default=0, ge=0)


class Codec(Section):
    """A codec config; its parameters are checked by the codec itself."""

    model_config = ConfigDict(extra="allow", frozen=True)
    id: str


class Words(Section):
    """Words other than image-match's; checked by `imgsig.WordScheme`."""

    alphabet: str = "ternary"
    spacing: str | list[int] = "even"
    strip: str = "none"


class NamedVariant(Section):
    """A variant with an index name of its own."""

    name: Name
    N: int = 63
    k: int = 16
    codec: Codec
    layout: str = "dynamic"
    words: Words = Words()


class Matrix(Section):
    """Axes of the build matrix; every combination is a variant."""

    N: list[int] = Field(default=[63], min_length=1)
    k: list[int] = Field(default=[16], min_length=1)
    codec: list[Codec] = Field(default=[Codec(id="none")], min_length=1)
    layout: list[str] = Field(default=["dynamic"], min_length=1)
    words: list[Words] = Field(default=[Words()], min_length=1)


class Search(Section):
    """Query settings: they change no index, so one index answers for any number of them."""

    size: int = Field(default=100, ge=1, le=10_000)
    score_cutoff: int | None = Field(default=None, ge=1)
    distance_cutoff: float | None = Field(default=None, gt=0, le=1)


class Evaluation(Section):
    """Resampling of the intervals."""

    resamples: int = Field(default=10_000, ge=100)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    seed: int = Field(default=0, ge=0)


class Index(Section):
    """How every index is spread over nodes, and whether it stays until the end of the run.

    Parameters
    ----------
    shards, replicas : int
        Primary shards, and copies of each.
    keep : bool
        Whether indices stay until all have been searched. Otherwise each is dropped when nothing
        is left that needs it, so that many fit on a small disk. It changes no result, and is no
        part of an experiment's identity.
    """

    shards: int = Field(default=1, ge=1, le=1024)
    replicas: int = Field(default=0, ge=0, le=10)
    keep: bool = Field(default=True, exclude=True)


class Engine(Section):
    """The embedded Elasticsearch; an external cluster (``ES_URL``) ignores it.

    Parameters
    ----------
    heap : str
        Size of each node's heap.
    nodes : int
        How many.
    disk_floor : str, optional
        Space that stays free on the disk of the indices, such as ``5g``: a run stops before it
        builds an index that would take some of it. Default: 1 GB, or 5 % of a disk where that is
        less. It changes no result, and is no part of an experiment's identity.
    """

    heap: Annotated[str, Field(pattern=r"^[1-9][0-9]*[mg]$")] = "1g"
    nodes: int = Field(default=1, ge=1, le=9)
    disk_floor: Annotated[str, Field(pattern=r"^[0-9]+[mg]$")] | None = Field(
        default=None, exclude=True
    )


class Experiment(Section):
    """A whole experiment, as its YAML file says it."""

    version: Literal[1] = 1
    kind: Literal["experiment"] = "experiment"
    name: Name
    title: str = ""
    dataset: Dataset = Dataset()
    signature: dict[str, Any] = Field(default_factory=dict)
    variants: list[NamedVariant] = Field(default_factory=list)
    matrix: Matrix | None = None
    index: Index = Index()
    search: Search = Search()
    evaluation: Evaluation = Evaluation()
    cost: Cost | None = None
    engine: Engine = Engine()

    @model_validator(mode="after")
    def _expandable(self) -> Self:
        names = [variant.index_name for variant in self.expand()]
        for name in self.cost.variants if self.cost is not None else ():
            if name not in names:
                raise ExperimentError(
                    f"cost.variants names {name!r}; the variants are {', '.join(names)}"
                )
        return self

    def expand(self) -> list[Variant]:
        """All variants, the named ones first, then the matrix in the order of its axes.

        Returns
        -------
        list of Variant
            Each once: a point of the matrix that is also named stands under its name.

        Raises
        ------
        ExperimentError
            If there is none, a combination is impossible, or a name or a named variant occurs
            twice.
        """
        points: list[dict[str, Any]] = [dict(variant) for variant in self.variants]
        if self.matrix is not None:
            axes = dict(self.matrix)
            points += [dict(zip(axes, point, strict=True)) for point in product(*axes.values())]
        variants: dict[str, Variant] = {}
        for point in points:
            codec = point.pop("codec").model_dump()
            words = point.pop("words").model_dump()
            variant = Variant(codec=codec, words=words, signature=self.signature, **point)
            known = variants.setdefault(variant.key, variant)
            if known is not variant and variant.name is not None:
                raise ExperimentError(
                    f"variants {known.name!r} and {variant.name!r} are the same: {variant.key}"
                )
        if not variants:
            raise ExperimentError("there is no variant; give some under 'variants' or 'matrix'")
        names = [variant.index_name for variant in variants.values()]
        for name in names:
            if names.count(name) > 1:
                raise ExperimentError(f"two variants have the name {name!r}; names are indices")
        return list(variants.values())

    def canonical(self) -> dict[str, Any]:
        """The canonical form, JSON-ready: variants expanded, defaults filled in, title left out."""
        form = self.model_dump(mode="json", exclude={"title", "variants", "matrix"})
        form["variants"] = [
            variant.canonical() | {"index": variant.index_name} for variant in self.expand()
        ]
        return form

    @property
    def key(self) -> str:
        """Name and short hash of the canonical form."""
        return f"{self.name}-{short_hash(self.canonical())}"


def load_experiment(path: str | Path) -> Experiment:
    """Read and check an experiment.

    Parameters
    ----------
    path : path
        A YAML file.

    Returns
    -------
    Experiment

    Raises
    ------
    ExperimentError
        If the file is missing, no YAML, or not valid; the message lists every wrong key with what
        is allowed there.
    """
    return load_config(path, Experiment)
