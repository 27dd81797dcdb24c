"""A benchmark as a collection: its pictures, its own queries and their right answers."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasets.collection import Collection, Original, Photograph, Pictures
from datasets.published.tree import File, Tree
from datasets.queries import Label


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


class FolderPictures(Pictures):
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

    Parameters
    ----------
    tree : Tree
        The folder. Its distractors are added to pictures and documents, each in a group of its own.
    pictures : mapping of File to str
        All other files, with the group of each, in a fixed order.
    documents : sequence of File
        Those of them that are indexed; as an attribute, the ids of all that are.
    queries : sequence of PublishedQuery
        In a fixed order.
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

    def pictures(self) -> Pictures:
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
