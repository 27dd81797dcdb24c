"""Fetches the Elasticsearch server once and keeps it, read-only, for all engines.

The server is the artifact ``org.elasticsearch.distribution.integ-test-zip`` that Elastic publishes
for integration tests: the real server (Lucene, security, zstd, kNN) without the optional modules.
"""

import hashlib
import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from bench.engine.archive import remove_tree, tree_digest, unpack_zip
from bench.engine.console import console, notice
from bench.engine.errors import DownloadError, UnsafeArchiveError


@dataclass(frozen=True)
class Distribution:
    """A zip archive in a Maven repository, and what its bytes must be.

    Parameters
    ----------
    group, artifact, version : str
        Maven coordinates; the packaging is ``zip``.
    sha256 : str
        Checksum of the archive, in hexadecimal.
    """

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def name(self) -> str:
        """Name of the archive's top folder, ``<artifact>-<version>``."""
        return f"{self.artifact}-{self.version}"


SERVER = Distribution(
    "org.elasticsearch.distribution.integ-test-zip",
    "elasticsearch",
    "8.18.0",
    "6d31acf7ab3496eaa7cfbdc410095d02ed2232cd26c214c0c69e4f7b3b2958b8",
)


def server_home(
    cache: Path, wanted: Distribution = SERVER, env: Mapping[str, str] = os.environ
) -> Path:
    """Return the unpacked server, fetching it when the cache has none that is whole.

    Parameters
    ----------
    env : Mapping
        ``IMGSIG_BENCH_MAVEN`` names a mirror of the Maven repository, for machines that reach no
        other.

    Returns
    -------
    Path
        The server's home: ``bin``, ``config``, ``lib``, ``modules``; read-only.
    """
    entry = cache / "elasticsearch" / f"{wanted.version}-{wanted.sha256[:12]}"
    entry.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with FileLock(entry.with_name(entry.name + ".lock")):
        if entry.is_dir() and not _is_whole(entry):
            notice(f"The server in {entry} is damaged; fetching it again.")
            remove_tree(entry)
        if not entry.is_dir():
            _install(wanted, entry, env.get("IMGSIG_BENCH_MAVEN"))
    return entry / "home"


def _is_whole(entry: Path) -> bool:
    try:
        return (entry / "digest").read_text() == tree_digest(entry / "home")
    except OSError:
        return False


def _install(wanted: Distribution, entry: Path, mirror: str | None) -> None:
    download = entry.with_name(entry.name + ".download")
    partial = entry.with_name(entry.name + ".partial")
    for left_by_a_killed_run in (download, partial):
        remove_tree(left_by_a_killed_run)
    try:
        archive = _fetch(wanted, download, mirror)
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
            f"Elasticsearch {wanted.version} could not be installed in {entry.parent}: {error}. "
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


def _fetch(wanted: Distribution, into: Path, mirror: str | None) -> Path:
    import requests
    from jgo.maven import MavenContext, PythonResolver

    notice(f"Fetching Elasticsearch {wanted.version} (97 MB, once).")
    # A repository of its own, not ~/.m2: a half-written file there would be taken for whole by
    # every other Maven client, and root's home may be unwritable in a container.
    context = MavenContext(
        resolver=PythonResolver(progress_callback=_progress),
        repo_cache=into,
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
        timeout=60,
    )
    project = context.project(wanted.group, wanted.artifact)
    try:
        found: Any = project.at_version(wanted.version).artifact(packaging="zip").resolve()
    except (requests.RequestException, RuntimeError) as error:
        raise DownloadError(
            f"{wanted.group}:{wanted.artifact}:{wanted.version} could not be fetched: {error}. "
            "See that this machine reaches the Maven repository, or set IMGSIG_BENCH_MAVEN to a "
            "mirror that it reaches, or ES_URL to a running cluster; then try again."
        ) from error
    return Path(found)


@contextmanager
def _progress(name: str, size: int) -> Iterator[Any]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TransferSpeedColumn(), console=console) as bar:
        task = bar.add_task(name, total=size)
        yield lambda count: bar.advance(task, count)
