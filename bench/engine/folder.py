"""An engine's own folder: ``config``, ``data``, ``logs``, ``tmp`` and the server's output.

Elasticsearch refuses to run as root (`bootstrap check
<https://www.elastic.co/guide/en/elasticsearch/reference/8.18/_root_user_check.html>`_ of the
server itself), so root hands it to ``nobody``; everyone else runs it as themselves. Whoever starts
the engine owns the folder, mode 0700. Root hands the four folders inside to the account the server
runs as, and lets that account pass, but not list: mode 0711.
"""

import hashlib
import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from bench.engine.errors import EngineBusyError, EngineFolderError, notice
from datasets.cache import real

CONSOLE = "console.log"  # what the server prints
SUPERVISOR_LOG = "supervisor.log"  # what its supervisor prints; empty if all is well
SERVER_LOCK = "server.lock"  # is there while a server runs in the folder, and stays
_LOCK = "engine.lock"  # also marks the folder as an engine's


@dataclass(frozen=True)
class Account:
    """An unprivileged user, with one group and no others."""

    name: str
    uid: int
    gid: int


def engine_account() -> Account | None:
    """Return the account the server is handed to: ``nobody`` for root, None for everyone else."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise EngineFolderError(
            "Elasticsearch refuses to run as root and this machine has no user 'nobody' to run it "
            "as: run as an ordinary user."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def may_enter(folder: Path, account: Account) -> bool:
    """Say whether the permission bits let an account pass through a folder."""
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def barrier(path: Path, account: Account | None) -> Path | None:
    """Find the folder that keeps an account from reaching a path."""
    if account is None:
        return None
    path = real(path)
    for folder in [*reversed(path.parents), path]:
        if folder.is_dir() and not may_enter(folder, account):
            return folder
    return None


def place(folder: Path, cache: Path) -> Path:
    """Return where the files of the engine of `folder` really are.

    That is `folder`, unless root names one that the server's account cannot reach, such as one
    below root's home: then it is a folder in the cache, always the same for the same `folder`.
    """
    folder = real(folder)
    account = engine_account()
    if account is None or barrier(folder.parent, account) is None:
        return folder
    blocked = barrier(cache, account)
    if blocked is not None:
        raise EngineFolderError(
            f"The server runs as the user {account.name!r}, who may enter neither {folder} nor the "
            f"cache folder ({blocked} lets nobody in). Set IMGSIG_BENCH_CACHE to a folder that "
            "others may enter."
        )
    shared = cache / "engine-data"
    shared.mkdir(exist_ok=True)
    shared.chmod(0o711)  # whatever the umask
    key = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return shared / f"{folder.name}-{key}"


def discard(folder: Path, cache: Path) -> None:
    """Delete an engine's files, wherever they are; nothing happens where there are none."""
    placed = place(folder, cache)
    if placed.is_dir():
        with claim(placed):
            _remove(placed)


def _remove(claimed: Path) -> None:
    # The lock last: without it, what an interruption leaves would be no engine's.
    for path in list(claimed.iterdir()):
        if path.name != _LOCK:
            remove_tree(path)
    shutil.rmtree(claimed)


@contextmanager
def gone_if_interrupted(claimed: Path) -> Iterator[None]:
    """Remove an engine's folder where its first start is interrupted: nothing is in it yet."""
    is_first = not (claimed / "data").exists()
    try:
        yield
    except Exception:
        raise  # what the server said is in there, and the message names it
    except BaseException:
        if is_first:
            _remove(claimed)
        raise


@contextmanager
def claim(folder: Path) -> Iterator[None]:
    """Create an engine's folder where it is missing, and hold it for this process."""
    try:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / _LOCK).exists():
            raise EngineFolderError(
                f"{folder} has files in it that no engine wrote. Name an empty or a new folder: "
                "an engine replaces folders called config, data, logs and tmp."
            )
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        raise EngineBusyError(
            f"Another run uses the engine in {folder}. Wait for it to end, or name another folder."
        ) from None
    except OSError as error:
        raise EngineFolderError(
            f"The engine's folder {folder} cannot be used: {error}. Name one you may write to."
        ) from error
    try:
        yield
    finally:
        lock.release()


def tail(log: Path, lines: int = 20) -> str:
    """Quote the end of a log, for an error message."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        text = ""
    last = [f"    {line[:300]}" for line in text.splitlines() if line.strip()][-lines:]
    return "\n".join(last) or "    (nothing)"


#: What Java says where its heap is too small for what is asked, however much memory there is.
_HEAP_TOO_SMALL = ("Too small", "Java heap space", "GC overhead limit exceeded")


def memory_remedy(log: Path, heap: str) -> str:
    """What to do about a server of that heap that has ended, by the end of its log."""
    if any(words in tail(log) for words in _HEAP_TOO_SMALL):
        return (
            f"Its heap of {heap} is too small: give it a larger one (engine.heap in a config, "
            "--heap of `imgsig-bench engine start`)"
        )
    return (
        "Where that does not say why, it was mostly for lack of memory (the system's log says so, "
        f"if it was killed): end other programs, or give it a smaller heap than {heap}"
    )


def place_notice(wanted: Path, placed: Path) -> None:
    """Tell the user where the files are when that is not where they were wanted."""
    if placed != real(wanted):
        notice(f"The server's user may not enter {wanted}; the engine's files are in {placed}.")


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
