"""Finding the files of a benchmark in a folder, and saying what is missing there."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.progress import track

from datasets.cache import real
from datasets.collection import Unreadable
from datasets.errors import DatasetError

#: A folder of this name may lie in that of every benchmark; what is in it is indexed, and wrong.
DISTRACTORS = "distractors"

#: How picture files are named among the distractors, whose names are otherwise free.
PICTURE = re.compile(r"[^.].*\.(avif|bmp|gif|jpe?g|pgm|png|ppm|tiff?|webp)", re.IGNORECASE)

#: A file of such a name where all have another is a mistake; one beginning with a dot is hidden.
JPEG = re.compile(r"[^.].*\.jpe?g", re.IGNORECASE)

#: So many names of what was found instead are given in an error.
SHOWN = 5

#: Listing a folder of so many files takes long enough to show progress.
MANY = 20_000


@dataclass(frozen=True)
class FileLayout:
    """How a benchmark's files are laid out, for errors."""

    #: Of the benchmark, as specifications begin.
    name: str
    #: The folders and files.
    expected: str
    #: Where that is described.
    source: str

    def error(self, problem: str) -> DatasetError:
        """An error that says the problem, the layout and where it is described."""
        return DatasetError(f"{self.name}: {problem}. Expected: {self.expected}; see {self.source}")


@dataclass(frozen=True, slots=True)
class File:
    """A picture file, not opened."""

    #: Path below the benchmark's folder, with slashes.
    id: str
    #: The part of the name that the benchmark means something by.
    key: str
    #: In bytes; 0 if the file cannot be read at all.
    size: int


class Tree:
    """The folder of a benchmark; `DatasetError` if there is none.

    What is passed over since it is not named as pictures are, is in ``unreadable``.
    """

    def __init__(self, root: Path, layout: FileLayout) -> None:
        #: As a specification has it.
        self.name = f"{layout.name}:{root}"
        self.root = real(root)
        self.layout = layout
        self.unreadable: list[Unreadable] = []
        if not self.root.is_dir():
            raise layout.error(f"there is no folder {root}")

    def folders(self, names: Sequence[str], what: str) -> list[Path]:
        """The folders of the first of several names, sorted; `DatasetError` if there is none.

        A name is a path below the benchmark's folder, ``.`` for that folder, or a pattern, which
        may be of several. What is in them is said in the error.
        """
        for name in names:
            found = [self.root] if name == "." else sorted(self.root.glob(name))
            if folders := [path for path in found if path.is_dir()]:
                return folders
        raise self.layout.error(
            f"no folder with the {what} in {self.root}: none of {', '.join(names)}; "
            f"there is {_some(self.root)}"
        )

    def first_folder(self, names: Sequence[str]) -> Path | None:
        """The first of several folders that is there."""
        return next((self.root / name for name in names if (self.root / name).is_dir()), None)

    def files(self, folder: Path, pattern: str, *, below: bool = False) -> list[File]:
        """The files of a folder that are named as a pattern says, in the order of their names.

        The pattern is of the whole name, its first group is the key, and case does not count. Files
        that cannot be read are among them: they count as failed. `DatasetError` if there is none, a
        JPEG file has another name, or two have the same key.
        """
        found: dict[str, File] = {}
        whole = re.compile(pattern, re.IGNORECASE)
        for entry in self._files_in(folder, below):
            match = whole.fullmatch(entry.name)
            if match is None:
                self._pass_over(entry, pattern)
                continue
            file = self._file(entry, match.group(1).lower())
            if (first := found.setdefault(file.key, file)) is not file:
                raise self.layout.error(f"{first.id} and {file.id} have the same number")
        if not found:
            raise self.layout.error(
                f"no picture named like {pattern} in {folder}; there is {_some(folder)}"
            )
        return list(found.values())

    def distractors(self) -> list[File]:
        """Every picture file in the folder of distractors and below, if there is that folder.

        `DatasetError` if it has no picture.
        """
        folder = self.root / DISTRACTORS
        if not folder.is_dir():
            return []
        found = []
        for entry in self._files_in(folder, below=True):
            if PICTURE.fullmatch(entry.name):
                found.append(self._file(entry, entry.name))
            else:
                self.unreadable.append(Unreadable(self._id(entry), "not named as pictures are"))
        if not found:
            raise self.layout.error(f"no picture in {folder}; add some or remove the folder")
        return found

    def _files_in(self, folder: Path | str, below: bool) -> Iterator[os.DirEntry[str]]:
        """Files of a folder, sorted; links to files count, links to folders inside do not."""
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            raise self.layout.error(f"{folder} cannot be listed: {error.strerror}") from error
        listing = f"Listing {os.fspath(folder)}"
        for entry in track(entries, listing, disable=len(entries) < MANY):
            if not entry.is_dir():
                yield entry
        for entry in entries:
            if below and entry.is_dir(follow_symlinks=False):
                yield from self._files_in(entry.path, below)

    def _file(self, entry: os.DirEntry[str], key: str) -> File:
        try:
            size = entry.stat().st_size
        except OSError:  # a broken link; signing it will fail, and say why
            size = 0
        return File(self._id(entry), key, size)

    def _id(self, entry: os.DirEntry[str]) -> str:
        name = entry.path[len(str(self.root)) :].replace(os.sep, "/").lstrip("/")
        try:
            name.encode()
        except UnicodeEncodeError:
            raise self.layout.error(f"the name {name!a} is not valid text; rename it") from None
        return name

    def _pass_over(self, entry: os.DirEntry[str], pattern: str) -> None:
        if JPEG.fullmatch(entry.name):
            raise self.layout.error(f"{self._id(entry)} is not named like {pattern}")
        self.unreadable.append(Unreadable(self._id(entry), f"not named like {pattern}"))


def _some(folder: Path) -> str:
    names = sorted(path.name for path in folder.iterdir())
    return ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "") or "nothing"
