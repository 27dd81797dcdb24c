"""Codec runs: which photographs are signed to measure codecs on; read from YAML."""

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from bench.kinds.sections import RunConfig
from bench.runs.errors import ExperimentError


class Codecs(RunConfig):
    """A whole codec run, as its YAML file says it. It needs no engine.

    `crops` random ones are signed of each photograph, drawn by `seed`. `also` names further context
    models for the limit, as ``tools.train_codecs`` wrote them.
    """

    version: Literal[1] = 1
    kind: Literal["codecs"]
    collection: str = "photos"
    crops: int = Field(default=500, ge=1, le=100_000)
    seed: int = Field(default=0, ge=0)
    also: list[Path] = Field(default=[])

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if "engine" in self.model_fields_set:
            raise ExperimentError("engine: codecs are measured without one; leave it out")
        # The page tells models by the stems of their files; ``context`` is the one that is shipped.
        stems = ["context", *(path.stem for path in self.also)]
        if twice := sorted({stem for stem in stems if stems.count(stem) > 1}):
            raise ExperimentError(
                f"also: two models would be called {', '.join(twice)}; rename the file of one"
            )
        return self

    def canonical(self) -> dict[str, Any]:
        """The canonical form, JSON-ready, without the engine that takes no part."""
        return self.model_dump(mode="json", exclude={"title", "engine"})
