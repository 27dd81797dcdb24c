"""Experiments: what is to be measured, read from YAML and checked before anything runs."""

from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bench.canonical import short_hash
from bench.errors import ExperimentError
from bench.variant import Variant

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Dataset(_Section):
    """Which pictures are indexed and which edited copies are searched for."""

    collection: str = "photos"
    documents: int | None = Field(default=20_000, ge=10)
    tiles: list[Annotated[int, Field(ge=16)]] | None = None
    queries: int = Field(default=1_000, ge=1)
    no_match_share: float = Field(default=0.2, ge=0, le=0.9)
    transforms: str | list[str] = "quick"
    seed: int = Field(default=0, ge=0)


class Codec(_Section):
    """A codec config; its parameters are checked by the codec itself."""

    model_config = ConfigDict(extra="allow", frozen=True)
    id: str


class Words(_Section):
    """Words other than image-match's; checked by `imgsig.WordScheme`."""

    alphabet: str = "ternary"
    spacing: str | list[int] = "even"
    strip: str = "none"


class NamedVariant(_Section):
    """A variant with an index name of its own."""

    name: Name
    N: int = 63
    k: int = 16
    codec: Codec
    layout: str = "dynamic"
    words: Words = Words()


class Matrix(_Section):
    """Axes of the build matrix; every combination is a variant."""

    N: list[int] = Field(default=[63], min_length=1)
    k: list[int] = Field(default=[16], min_length=1)
    codec: list[Codec] = Field(default=[Codec(id="none")], min_length=1)
    layout: list[str] = Field(default=["dynamic"], min_length=1)
    words: list[Words] = Field(default=[Words()], min_length=1)


class Search(_Section):
    """Query settings: they change no index, so one index answers for any number of them."""

    size: int = Field(default=100, ge=1, le=10_000)
    score_cutoff: int | None = Field(default=None, ge=1)
    distance_cutoff: float | None = Field(default=None, gt=0, le=1)


class Evaluation(_Section):
    """Resampling of the intervals."""

    resamples: int = Field(default=10_000, ge=100)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    seed: int = Field(default=0, ge=0)


class Engine(_Section):
    """The embedded Elasticsearch; an external cluster (``ES_URL``) ignores it."""

    heap: Annotated[str, Field(pattern=r"^[1-9][0-9]*[mg]$")] = "1g"


class Experiment(_Section):
    """A whole experiment, as its YAML file says it."""

    version: Literal[1] = 1
    name: Name
    title: str = ""
    dataset: Dataset = Dataset()
    signature: dict[str, Any] = {}
    variants: list[NamedVariant] = []
    matrix: Matrix | None = None
    search: Search = Search()
    evaluation: Evaluation = Evaluation()
    engine: Engine = Engine()

    @model_validator(mode="after")
    def _expandable(self) -> Self:
        self.expand()
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
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ExperimentError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        config = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise ExperimentError(f"{path}: is not valid YAML: {error}") from error
    if not isinstance(config, dict):
        raise ExperimentError(f"{path}: holds no mapping; see bench/configs/ for examples")
    try:
        return Experiment.model_validate(config)
    except ValidationError as error:
        problems = "\n".join(f"  {_problem(detail)}" for detail in error.errors())
        raise ExperimentError(f"{path} is not a valid experiment:\n{problems}") from error


def _problem(detail: Any) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return f"{key}: unknown key; allowed beside it: {', '.join(_keys_beside(detail['loc']))}"
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "string_pattern_mismatch":
        message = f"must match {detail['ctx']['pattern']}"
    return f"{key}: {message} (got {detail['input']!r})" if key else message


def _keys_beside(location: tuple[Any, ...]) -> list[str]:
    """Keys that are allowed where the key at `location` stands."""
    section: Any = Experiment
    for part in location[:-1]:
        if isinstance(part, str):
            annotation = section.model_fields[part].annotation
            section = _section_in(annotation)
    return list(section.model_fields)


def _section_in(annotation: Any) -> Any:
    """The section class in an annotation such as ``list[NamedVariant]`` or ``Matrix | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inside = (_section_in(argument) for argument in get_args(annotation))
    return next((section for section in inside if section is not None), None)
