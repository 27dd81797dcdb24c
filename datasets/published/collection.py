"""A benchmark as a collection, and which of its pictures are indexed and searched for."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.random import Generator, SeedSequence, default_rng

from datasets.collection import Collection, Original, Photograph, PictureFiles
from datasets.draw import in_turn, split_halves
from datasets.errors import DatasetError
from datasets.published.tree import File, Tree
from datasets.queries import Label, Query, QueryPlan


@dataclass(frozen=True)
class PublishedQuery:
    """A picture to search for, and what is right, by ids of pictures."""

    picture: str
    #: What the benchmark calls its edit.
    label: Label
    #: The first of them first; none for a query without a match.
    right: tuple[str, ...]
    #: Neither right nor wrong.
    ignored: tuple[str, ...] = ()


class FolderPictures(PictureFiles):
    """The picture files of a folder, by their paths in it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read_bytes(self, photo_id: str) -> bytes:
        """The file of a picture; `OSError` if it cannot be read."""
        path = self._root / photo_id
        if path.exists() and not path.is_file():  # a pipe would be read for ever
            raise OSError(f"{photo_id} is not a regular file")
        return path.read_bytes()


class PublishedCollection(Collection):
    """A benchmark in a folder.

    No picture is opened before it is signed, since there may be a million: photographs have no
    hash and no size in pixels, and one that cannot be read shows when it is signed. It then counts
    as failed.

    Pictures are given with the group of each, and those of them that are indexed as documents, both
    in a fixed order. The tree's distractors are added to both, each in a group of its own; as an
    attribute, documents are the ids of all that are indexed.
    """

    def __init__(
        self,
        tree: Tree,
        pictures: Mapping[File, str],
        documents: Sequence[File],
        queries: Sequence[PublishedQuery],
    ) -> None:
        distractors = tree.distractors()
        pictures = {**pictures, **{file: file.id for file in distractors}}
        source = tree.layout.name
        photographs = [
            Photograph(file.id, group, source, file.id, "", 0, 0)
            for file, group in pictures.items()
        ]
        originals = [Original(photo.id, photo.id, photo.group) for photo in photographs]
        unreadable = sorted(tree.unreadable, key=lambda found: found.file)
        super().__init__(tree.name, photographs, originals, unreadable)
        self.documents = tuple(file.id for file in [*documents, *distractors])
        self.queries = tuple(queries)
        self._sizes = {file.id: file.size for file in pictures}
        self._files = FolderPictures(tree.root)

    def read_bytes(self, photo_id: str) -> bytes:
        """The file of a photograph."""
        return self._files.read_bytes(photo_id)

    def pictures(self) -> PictureFiles:
        """The folder alone: workers need no list of what is in it."""
        return self._files

    def manifest(self) -> dict[str, Any]:
        """What is in the collection, JSON-ready, with a hash over it.

        The hash is of names and sizes of the files and of the ground truth: reading a million
        pictures to hash them would take as long as signing them.
        """
        photographs = [
            {"id": photo.id, "group": photo.group, "bytes": self._sizes[photo.id]}
            for photo in self.photographs
        ]
        digest = hashlib.sha256()
        for part in (*map(repr, photographs), repr(self.documents), *map(repr, self.queries)):
            digest.update(part.encode())
        return {
            "collection": self.name,
            "photographs": photographs,
            "originals": len(self.originals),
            "unreadable": [vars(file) for file in self.unreadable],
            "sha256": digest.hexdigest(),
        }


def plan_published(
    collection: PublishedCollection, *, documents: int | None, queries: int | None, seed: int = 0
) -> QueryPlan:
    """Choose database and queries of a benchmark.

    Both numbers are upper limits. Queries are taken from one group after the other, as often as it
    takes, so that few queries are of many groups. The database has all right answers of the chosen
    queries, and as many of the other pictures as `documents` allows, in random order. The halves do
    not depend on either number; fewer queries or documents of a seed are among the more. None takes
    all. `DatasetError` if the right answers are more than `documents`, or a number is below one.
    """
    for name, value in (("documents", documents), ("queries", queries)):
        if value is not None and value < 1:
            raise DatasetError(f"{name} must be at least 1, or null for all; not {value}")
    # A generator for each choice: halves stay the same whatever the sizes asked for.
    scenes, sample, distractors, order = (
        default_rng(SeedSequence([seed, stream])) for stream in range(4)
    )
    groups = [collection.photograph(query.picture).group for query in collection.queries]
    sizes = Counter(groups)
    matched = {g for g, query in zip(groups, collection.queries, strict=True) if query.right}
    halves = split_halves(sizes, set(sizes) - matched, scenes)
    places = {original.id: place for place, original in enumerate(collection.originals)}
    planned = []
    for number, chosen in enumerate(_choose(groups, queries, sample)):
        query = collection.queries[chosen]
        planned.append(
            Query(
                number=number,
                original=places[query.picture],
                transform=query.label,
                seed=0,
                in_database=bool(query.right),
                half=halves[groups[chosen]],
                right=tuple(places[name] for name in query.right),
                ignored=tuple(places[name] for name in query.ignored),
                origin="published",
            )
        )
    database = _database(
        [places[name] for name in collection.documents],
        {place for query in planned for place in query.right or ()},
        documents,
        distractors,
    )
    return QueryPlan(tuple(order.permutation(database).tolist()), tuple(planned))


def _choose(groups: list[str], count: int | None, rng: Generator) -> list[int]:
    """Places of so many queries, in their order; one of each group in turn."""
    if count is None or count >= len(groups):
        return list(range(len(groups)))
    return sorted(in_turn(groups, rng)[:count])


def _database(
    pictures: list[int], right: set[int], documents: int | None, rng: Generator
) -> list[int]:
    if documents is None or documents >= len(pictures):
        return pictures
    if documents < len(right):
        raise DatasetError(
            f"the queries have {len(right):,} right answers, which are all indexed, and documents "
            f"is {documents:,}; raise documents or lower queries"
        )
    others = [place for place in pictures if place not in right]
    drawn = rng.permutation(others)[: documents - len(right)].tolist()
    return sorted([*right, *drawn])
