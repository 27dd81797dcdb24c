"""Sweeps: which word schemes are simulated and which are confirmed, read from YAML."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bench.kinds.sections import Codec, Resampling, RunConfig, Search, Words
from bench.runs.config_file import Section
from bench.signing.dataset import Dataset
from bench.sizes.size_model import N_COEFFICIENTS
from imgsig import WordScheme
from imgsig.layouts import get_layout

#: What a config says so that indices are dropped once they are measured.
DROP = "live: {keep: false}"


class Scheme(Words):
    """One word scheme."""

    N: int
    k: int

    def build(self) -> WordScheme:
        """The scheme."""
        return WordScheme.from_config(self.model_dump())


class Block(Section):
    """Axes of a part of the grid; every combination is a scheme, unless it is impossible."""

    N: list[int] = Field(min_length=1)
    k: list[int] = Field(min_length=1)
    alphabet: list[str] = Field(default=["ternary"], min_length=1)
    spacing: list[str] = Field(default=["even"], min_length=1)
    strip: list[str] = Field(default=["none"], min_length=1)


class LiveSample(Section):
    """Schemes that are indexed in one layout, to confirm the simulation and to measure sizes."""

    layout: str
    schemes: int = Field(ge=1)


class Live(Section):
    """What the engine confirms.

    The first sample's layout is that of most sizes in the table ``sweep``. `held_out` is the share
    of a sample on which the model of sizes is tested before it is fitted to all. `signature` is how
    signatures are stored where distance ranks: what that takes is measured on the reference's words
    in the first layout, and is the same whatever the words. Without `keep` indices are dropped once
    they are confirmed.
    """

    samples: list[LiveSample] = Field(
        default=[LiveSample(layout="dynamic", schemes=20)], min_length=1
    )
    held_out: float = Field(default=0.3, gt=0, lt=0.7)
    signature: Codec = Codec(id="context")
    keep: bool = Field(default=True, exclude=True)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.signature.id == "none":
            raise ValueError("signature: distance cannot rank by a signature that is not stored")
        first = self.samples[0].schemes
        if first - int(first * self.held_out) <= N_COEFFICIENTS:
            raise ValueError(
                f"{first} schemes of the first layout are too few: without those held out "
                f"({self.held_out:g}) more than {N_COEFFICIENTS} are needed to model sizes"
            )
        return self


class Sweep(RunConfig):
    """A whole sweep, as its YAML file says it."""

    version: Literal[1] = 1
    kind: Literal["sweep"]
    dataset: Dataset = Dataset()
    reference: Scheme = Scheme(N=63, k=16)
    always: list[Scheme] = Field(default=[])
    grid: list[Block] = Field(min_length=1)
    rankings: list[Literal["score", "distance", "sign_distance"]] = Field(
        default=["score", "distance", "sign_distance"], min_length=1
    )
    live: Live = Live()
    search: Search = Search()
    evaluation: Resampling = Resampling()

    @model_validator(mode="after")
    def _ranked_by_score(self) -> Self:
        if "score" not in self.rankings:
            raise ValueError("rankings: score must be among them: it is how the engine ranks")
        return self

    @property
    def rankings_of_words(self) -> list[str]:
        """Rankings that need nothing but the words as they are in the first layout.

        Ranking by the words' signs needs hits to return the words, so they must be in ``_source``.
        """
        readable = get_layout(self.live.samples[0].layout).source == "full"
        return [
            name
            for name in self.rankings
            if name == "score" or (name == "sign_distance" and readable)
        ]
