"""Files that are never seen half-written."""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

#: What names an open descriptor of this process.
_DESCRIPTOR = re.compile(r"/dev/std(in|out|err)|/(?:dev|proc/self)/fd/(\d+)")

#: Bytes that most file systems allow in a name.
_LONGEST = 255


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """Write a file aside and rename it; whatever had its name, a link too, is replaced.

    For files in folders of our own: nothing outside of them is ever written.

    In a folder that exists. If writing fails, nothing is left and the old file stays.
    """
    aside = aside_of(path)
    aside.unlink(missing_ok=True)  # of a run that was killed; a link planted there is not followed
    try:
        with aside.open("xb") as file:
            yield file
            # A power cut may keep the new name and lose the content: an empty file under it would
            # be taken for finished by every later start.
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """Write a file that a user has named: aside, if it is or will be a regular file.

    A device, a pipe or standard output is written as it is, and a symbolic link stays one: what it
    points to is replaced.

    `OSError` with the name that the user gave, if it cannot be written. What is written to cannot
    seek in pipes.
    """
    try:
        if (descriptor := _descriptor(path)) is not None:
            # Opened by its name, a file that `>>` appends to would be emptied.
            with os.fdopen(os.dup(descriptor), "wb") as file:
                yield file
        elif not is_kept(path):
            with path.open("wb") as file:
                yield file
        else:
            with replaced(path.resolve()) as file:
                yield file
    except OSError as error:
        if error.filename is not None and Path(error.filename) != aside_of(path.resolve()):
            raise  # it is about another file
        raise OSError(error.errno, error.strerror, str(path)) from error


def is_kept(path: Path) -> bool:
    """Whether what is written under a path is, or will be, a regular file."""
    if _descriptor(path) is not None:
        return False
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return True


def aside_of(path: Path) -> Path:
    """Where a file is while it is written: beside it, as a rename does not cross file systems."""
    return beside(path, ".part")


def beside(path: Path, suffix: str) -> Path:
    """A hidden file that goes with another; of a long name only the hash fits in."""
    name = os.fsencode(path.name)
    if len(name) + len(suffix) + 1 > _LONGEST:
        return path.with_name(f".{hashlib.sha256(name).hexdigest()}{suffix}")
    return path.with_name(f".{path.name}{suffix}")


def _descriptor(path: Path) -> int | None:
    found = _DESCRIPTOR.fullmatch(os.path.normpath(path.absolute()))
    if found is None:
        return None
    standard = {"in": 0, "out": 1, "err": 2}
    return standard[found[1]] if found[1] else int(found[2])
