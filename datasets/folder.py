"""The collection ``folder:PATH``: a user's own pictures."""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import track

from datasets.cache import real
from datasets.collection import Collection, Pair, Photograph, Unreadable, opened, to_plain
from datasets.errors import DatasetError, PictureError
from datasets.originals import cut_originals, is_blank
from datasets.pairs import FILE, joined_groups, read_pairs


class FolderCollection(Collection):
    """Every picture below a folder, in one of `datasets.collection.FORMATS`.

    Files are taken in the order of their paths. A file that is no picture is listed as unreadable;
    files of equal bytes share a group, so that finding one for the other is no mistake. Tiles have
    sides in pixels. Pairs are those of its ``pairs.csv``, see `datasets.pairs`. `DatasetError` if
    there is no such folder, no picture in it, or something wrong with its pairs.
    """

    def __init__(self, path: Path, tiles: Sequence[int] = ()) -> None:
        self._path = real(path)
        if not self._path.is_dir():
            raise DatasetError(
                f"there is no folder {path}; give folder:PATH of a folder with pictures"
            )
        photographs: list[Photograph] = []
        unreadable: list[Unreadable] = []
        groups: dict[str, str] = {}
        blank = True  # until the first that is not
        self._files = dict(sorted(_files(self._path, unreadable)))
        listed = self._files.pop(FILE, None)
        reading = track(
            self._files.items(),
            "Reading pictures",
            disable=len(self._files) < 200,
            console=Console(stderr=True),
        )
        for name, file in reading:
            if file.exists() and not file.is_file():  # a pipe would be read for ever
                unreadable.append(Unreadable(name, "not a regular file"))
                continue
            try:
                data = file.read_bytes()
                with opened(data) as picture:
                    picture.load()
                    width, height = picture.size
                    blank = blank and is_blank(to_plain(picture))
            except (OSError, PictureError, MemoryError) as error:
                unreadable.append(Unreadable(name, str(error) or type(error).__name__))
                continue
            digest = hashlib.sha256(data).hexdigest()
            group = groups.setdefault(digest, name)
            photographs.append(Photograph(name, group, "folder", name, digest, width, height))
        unreadable.sort(key=lambda found: found.file)
        if not photographs:
            reason = f"; {unreadable[0].file}: {unreadable[0].reason}" if unreadable else ""
            raise DatasetError(
                f"no picture in {path}: {len(self._files)} files, none that Pillow can read{reason}"
            )
        if blank:
            raise DatasetError(
                f"every picture in {path} is blank ({photographs[0].id}, for one): signatures "
                "of such are all zeros, and nothing is told apart; add pictures that show something"
            )
        pairs: tuple[Pair, ...] = ()
        if listed is not None:
            of = {photo.id: photo.group for photo in photographs}
            pairs = read_pairs(listed, of)
            joined = joined_groups(of, pairs)
            photographs = [replace(photo, group=joined[photo.id]) for photo in photographs]
        super().__init__(f"folder:{path}", photographs, (), unreadable, pairs)
        self.originals = cut_originals(self, tiles)

    def read_bytes(self, photo_id: str) -> bytes:
        """The file of a photograph."""
        return self._files[photo_id].read_bytes()


def _files(folder: Path, unreadable: list[Unreadable]) -> Iterator[tuple[str, Path]]:
    """Files below a folder by name; links to files count, links to folders are not followed.

    Names that are no valid text are written with escapes; what cannot be entered is added to the
    unreadable.
    """

    def cannot_enter(error: OSError) -> None:
        unreadable.append(Unreadable(_name(Path(error.filename), folder), str(error.strerror)))

    for parent, _, names in os.walk(folder, onerror=cannot_enter, followlinks=False):
        for file in names:
            yield _name(Path(parent) / file, folder), Path(parent) / file


def _name(path: Path, folder: Path) -> str:
    """The path as text, reversibly: as `imgsig.file_names.written_name` has it."""
    name = os.fsencode(path.relative_to(folder).as_posix())
    escaped = re.sub(rb"\\(?=x[0-9a-f]{2})", rb"\\x5c", name)
    return escaped.decode("utf-8", errors="backslashreplace")
