"""Which pictures are signed, whether they are still the same, and what to know of them.

One run is of one set of pictures: a folder may change while a run waits, or after it.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from bench.runs.config_file import Section
from datasets import Collection, DatasetError, open_collection
from datasets.pictures import COLLECTIONS
from datasets.queries import Planting
from datasets.transforms import transform_set
from imgsig.file_names import on_one_line


class Planted(Section):
    """Copies of pictures among the documents: for each number of `copies`, so many `clusters`.

    Copies are made by `transforms` in turn, and all are right answers of queries for their picture.
    """

    copies: list[Annotated[int, Field(ge=1, le=50)]] = Field(default=[1, 5, 20, 50], min_length=1)
    clusters: int = Field(default=5, ge=1)
    transforms: str | list[str] = Field(
        default=["jpeg-75", "resize-50", "webp-80", "png", "resize-150"]
    )


class Dataset(Section):
    """Which pictures are indexed and which are searched for.

    `documents` is a number, ``rest`` for all but what is held out for queries without a match, or
    null for all. `queries` are edited copies, `natural_queries` pairs that the collection brings, a
    number or ``all``. With ``missing_sources: allow`` archives that cannot be had are left out.
    """

    collection: str = "photos"
    documents: Annotated[int, Field(ge=10)] | Literal["rest"] | None = 20_000
    tiles: list[Annotated[int, Field(ge=16)]] | None = None
    queries: int | None = Field(default=1_000, ge=0)
    # What came later is no part of the canonical form of those that do without.
    natural_queries: Annotated[int, Field(ge=0)] | Literal["all"] = Field(
        default=0, exclude_if=lambda value: value == 0
    )
    planted: Planted | None = Field(default=None, exclude_if=lambda value: value is None)
    missing_sources: Literal["refuse", "allow"] = Field(
        default="refuse", exclude_if=lambda value: value == "refuse"
    )
    no_match_share: float = Field(default=0.2, ge=0, le=0.9)
    transforms: str | list[str] = "quick"
    seed: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _searches(self) -> Self:
        if self.queries == 0 and self.natural_queries == 0:
            raise ValueError("queries: 0 searches for nothing; give a number, or natural_queries")
        return self

    def planting(self) -> Planting | None:
        """What is planted, its transforms checked."""
        if self.planted is None:
            return None
        transforms = tuple(transform_set(self.planted.transforms))
        return Planting(tuple(self.planted.copies), self.planted.clusters, transforms)


def differs(collection: Collection, dataset: Mapping[str, Any]) -> str:
    """How the pictures of a collection are not those that were signed, as a clause; or nothing."""
    if collection.manifest()["sha256"] == dataset["sha256"]:
        return ""
    now, then = len(collection.photographs), dataset["photographs"]
    counted = f"{then:,} then, {now:,} now" if now != then else f"{now:,} as then, but not the same"
    return f"the pictures of {collection.name} have changed since they were signed ({counted})"


def changed(dataset: Mapping[str, Any], tiles: list[int] | None) -> str:
    """As `differs`, of the collection that was signed; what is fetched never changes."""
    if dataset["collection"] in ("photos", *COLLECTIONS):
        return ""
    try:
        return differs(open_collection(dataset["collection"], tiles), dataset)
    except DatasetError as error:
        return f"the pictures that were signed cannot be opened any more: {error}"


#: Documents below which bytes a document are not those of a large collection: what every index
#: takes however few documents it holds counts too. From here to 100,000 the indices of
#: `results/reference-scale` change by 1 to 24 %.
FEW_DOCUMENTS = 5_000
#: Unreadable files that are named.
_NAMED = 3


def cautions(dataset: Mapping[str, Any], *, searches: bool) -> list[str]:
    """Sentences about the pictures of a run."""
    said = []
    if unreadable := dataset["unreadable"]:
        named = ", ".join(on_one_line(one["file"]) for one in unreadable[:_NAMED])
        more = len(unreadable) - _NAMED
        further = f" and {more:,} more" if more > 0 else ""
        said.append(
            f"{_count(len(unreadable), 'file')} cannot be read as pictures and "
            f"{_are(len(unreadable))} left out: {named}{further}; "
            f"`imgsig-bench datasets {dataset['collection']}` says why."
        )
    if missing := dataset.get("missing", []):
        said.append(
            f"The pictures of {', '.join(missing)} are left out: their archives cannot be had."
        )
    if failed := dataset.get("documents_failed", 0):
        said.append(
            f"{_count(failed, 'picture')} could not be signed and {_are(failed)} no "
            f"document{'s' if failed > 1 else ''}; documents.parquet has the reasons."
        )
    if failed := dataset.get("queries_failed", 0):
        said.append(
            f"Of the queries {failed:,} could not be signed and {_are(failed)} not searched for: "
            "misses, where answers are judged; queries.parquet, if there is one, has the reasons."
        )
    if not searches:
        return said
    said += _of_searching(dataset)
    if dataset["documents"] < FEW_DOCUMENTS:
        said.append(
            f"{_count(dataset['documents'], 'document')} {_are(dataset['documents'])} few: some "
            "kilobytes that every index takes, however few documents it holds, are in the bytes a "
            f"document. They, and ratios of them, hold for this size only; from {FEW_DOCUMENTS:,} "
            "documents to 100,000 they change by a quarter at most."
        )
    return said


def _of_searching(dataset: Mapping[str, Any]) -> list[str]:
    said = []
    if dataset["collection"].startswith("folder:"):
        # Runs of before these were written down have none of them.
        pictures = dataset["photographs"]
        inside = dataset.get("photographs_indexed", pictures)
        without = dataset.get("photographs_without_match", 0)
        if inside < pictures:
            apart = f"; {without:,} others are searched for without a match" if without else ""
            said.append(f"{inside:,} of the {pictures:,} pictures are in the database{apart}.")
        elif not dataset["no_match_queries"]:
            said.append(
                f"All {pictures:,} pictures are in the database, so every query has a match there. "
                "The more searches have none, the lower is precision: give documents a number to "
                "keep some pictures out for such queries."
            )
    edited = dataset.get("originals_edited", 0)
    queries = dataset["queries"] - dataset.get("natural_queries", 0)
    if 0 < edited < queries:
        said.append(
            f"{queries:,} queries are edited copies of {_count(edited, 'original')}, up to "
            f"{dataset['edits_of_one']:,} of each. They say no more of other pictures than that "
            "many can; intervals resample whole scenes."
        )
    return said


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
