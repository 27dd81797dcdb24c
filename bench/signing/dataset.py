"""Which pictures are signed: the section ``dataset`` of a config."""

from typing import Annotated

from pydantic import Field

from bench.runs.config_file import Section


class Dataset(Section):
    """Which pictures are indexed and which edited copies are searched for."""

    collection: str = "photos"
    documents: int | None = Field(default=20_000, ge=10)
    tiles: list[Annotated[int, Field(ge=16)]] | None = None
    queries: int | None = Field(default=1_000, ge=1)
    no_match_share: float = Field(default=0.2, ge=0, le=0.9)
    transforms: str | list[str] = "quick"
    seed: int = Field(default=0, ge=0)
