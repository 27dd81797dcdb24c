"""Sections that configs of several kinds have, and what every config has."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator

from bench.engine.catalog import DEFAULT, Distribution, find_distribution
from bench.engine.errors import UnknownEngineError
from bench.evaluate.settings import EvaluationSettings
from bench.index.variant import Variant
from bench.runs.config_file import Section, short_hash
from bench.runs.errors import ExperimentError

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")]


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


class Resampling(Section):
    """Resampling of the intervals."""

    resamples: int = Field(default=10_000, ge=100)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    seed: int = Field(default=0, ge=0)

    def settings(self, n_candidates: int, **more: Any) -> EvaluationSettings:
        """Settings of an evaluation that resamples so."""
        own: Any = {"confidence": self.confidence, "seed": self.seed}
        return EvaluationSettings(n_candidates, n_resamples=self.resamples, **own, **more)


class NamedEngine(Section):
    """An engine that can be embedded, see `bench.engine.catalog`.

    Without a `version` it is the newest of its `name`.
    """

    name: str = DEFAULT.engine
    version: str = DEFAULT.version

    @model_validator(mode="before")
    @classmethod
    def _can_be_had(cls, said: Any) -> Any:
        if not isinstance(said, Mapping) or not {"name", "version"} & said.keys():
            return said
        name, version = said.get("name", DEFAULT.engine), said.get("version")
        try:
            found = find_distribution(str(name), None if version is None else str(version))
        except UnknownEngineError as error:
            raise ExperimentError(str(error)) from error
        return {**said, "version": found.version}

    @property
    def distribution(self) -> Distribution:
        """What is started."""
        return find_distribution(self.name, self.version)


class Engine(NamedEngine):
    """The embedded engine, see `bench.engine.catalog`; an external one (``ES_URL``) ignores it.

    Without a `version` it is the newest of its `name`.

    `disk_floor` is space that stays free on the disk of the indices, such as ``5g``: a run stops
    before it builds an index that would take some of it. Default: 1 GB, or 5 % of a disk where that
    is less. It changes no result, and is no part of an experiment's identity.
    """

    heap: Annotated[str, Field(pattern=r"^[1-9][0-9]*[mg]$")] = "1g"
    nodes: int = Field(default=1, ge=1, le=9)
    disk_floor: Annotated[str, Field(pattern=r"^[0-9]+[mg]$")] | None = Field(
        default=None, exclude=True
    )


class RunConfig(Section):
    """What the config of every kind has. Its canonical form is the run's identity."""

    name: Name
    title: str = ""
    engine: Engine = Engine()

    def canonical(self) -> dict[str, Any]:
        """The canonical form, JSON-ready: defaults filled in, the title left out."""
        return self.model_dump(mode="json", exclude={"title"})

    @property
    def key(self) -> str:
        """Name and short hash of the canonical form."""
        return f"{self.name}-{short_hash(self.canonical())}"


def check_ranks(k: Sequence[int], size: int) -> None:
    """Refuse ranks that a background cannot be read at, of answers of `size` hits."""
    if max(k) >= size:
        raise ExperimentError(
            f"k: {max(k)} is no rank below the {size} hits that are fetched; raise search.size"
        )


def check_lossless(variant: Variant) -> None:
    """Refuse a variant whose distances would not be those of the signatures that were signed."""
    if variant.stores_signature and not variant.get_codec().lossless:
        raise ExperimentError(
            f"{variant.index_name}: codec {variant.codec['id']!r} does not keep the signatures "
            "that it is ranked by the distance of; choose a lossless one, or none"
        )


def expand_variants(
    named: Sequence[NamedVariant],
    matrix: Matrix | None = None,
    signature: Mapping[str, Any] | None = None,
) -> list[Variant]:
    """All variants, the named ones first, then the matrix in the order of its axes.

    Each once: a point of the matrix that is also named stands under its name.
    """
    points: list[dict[str, Any]] = [dict(variant) for variant in named]
    if matrix is not None:
        axes = dict(matrix)
        points += [dict(zip(axes, point, strict=True)) for point in product(*axes.values())]
    variants: dict[str, Variant] = {}
    for point in points:
        codec = point.pop("codec").model_dump()
        words = point.pop("words").model_dump()
        variant = Variant(codec=codec, words=words, signature=dict(signature or {}), **point)
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


def canonical_variants(variants: Sequence[Variant]) -> list[dict[str, Any]]:
    """Their canonical forms, each with the name of its index."""
    return [variant.canonical() | {"index": variant.index_name} for variant in variants]
