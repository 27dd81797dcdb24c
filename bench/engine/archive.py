"""Unpacks a zip archive without letting a member out of its folder, and seals what came out."""

import hashlib
import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath

from bench.engine.errors import UnsafeArchiveError

#: The server takes 150 MB; what unpacks to more than this is meant to fill the disk.
MAX_UNPACKED = 2 * 10**9


def _safe_path(member: zipfile.ZipInfo, top: str) -> PurePosixPath:
    name = member.orig_filename
    path = PurePosixPath(name)
    unsafe = path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name
    kind = stat.S_IFMT(member.external_attr >> 16)
    special = kind not in (0, stat.S_IFREG, stat.S_IFDIR)
    if unsafe or special or not path.parts or path.parts[0] != top:
        what = "a link or a device" if special else f"a path that leads out of the folder {top!r}"
        raise UnsafeArchiveError(
            f"The archive's member {name!r} is {what}. Nothing was unpacked; do not use this "
            "archive."
        )
    return path.relative_to(top)


def _refuse_clashes(members: list[tuple[zipfile.ZipInfo, PurePosixPath]]) -> None:
    """Two members in one place: which of them counts depends on who unpacks the archive."""
    folders = {folder for _, path in members for folder in path.parents}
    files = set[PurePosixPath]()
    for member, path in members:
        if not member.is_dir() and (path in files or path in folders):
            raise UnsafeArchiveError(
                f"The archive's member {member.orig_filename!r} lies where another does. Nothing "
                "was unpacked; do not use this archive."
            )
        files |= set() if member.is_dir() else {path}


def unpack_zip(archive: Path, top: str, target: Path) -> None:
    """Unpack the one top folder of a zip archive as `target`, read-only.

    Every member's path is checked before the first is written.
    """
    with zipfile.ZipFile(archive) as opened:
        members = [(member, _safe_path(member, top)) for member in opened.infolist()]
        _refuse_clashes(members)
        # No more than a member's size is unpacked of it, so their sum is what the disk has to hold.
        if (size := sum(member.file_size for member, _ in members)) > MAX_UNPACKED:
            raise UnsafeArchiveError(
                f"The archive would unpack to {size:,} bytes, more than the {MAX_UNPACKED:,} that "
                "are allowed. Nothing was unpacked; do not use this archive."
            )
        target.mkdir(parents=True)
        for member, path in members:
            destination = target / path
            if member.is_dir():
                destination.mkdir(parents=True, exist_ok=True)
                continue
            destination.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(member) as source, destination.open("xb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
            destination.chmod(0o555 if (member.external_attr >> 16) & 0o100 else 0o444)
    for folder in [target, *(path for path in target.rglob("*") if path.is_dir())]:
        folder.chmod(0o555)


def tree_digest(folder: Path) -> str:
    """Hash a tree: names, executable bits and content of all files, in order of their names."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as content:
            inner = hashlib.file_digest(content, "sha256").hexdigest()
        executable = bool(path.stat().st_mode & 0o100)
        digest.update(f"{path.relative_to(folder)}\0{executable}\0{inner}\n".encode())
    return digest.hexdigest()


def remove_tree(folder: Path) -> None:
    """Remove a tree though it is read-only; no error when it is not there."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.is_dir():
        folder.chmod(0o700)
        for path in folder.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
        shutil.rmtree(folder)
