"""An engine's own folder: ``config``, ``data``, ``logs``, ``tmp`` and the server's output.

Whoever starts the engine owns the folder, mode 0700. Root hands the four folders inside to the
account the server runs as, and lets that account pass, but not list: mode 0711.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bench.engine.archive import remove_tree
from bench.engine.config import write_config
from bench.engine.console import notice
from bench.engine.errors import EngineBusyError, EngineFolderError
from bench.engine.run_as import Account, barrier, engine_account
from datasets.cache import real

CONSOLE = "console.log"  # what the server prints
SUPERVISOR_LOG = (
    "supervisor.log"  # what the process that watches over it prints; empty if all is well
)
_LOCK = "engine.lock"  # also marks the folder as an engine's
_SUBFOLDERS = ("config", "data", "logs", "tmp")


def place(folder: Path, cache: Path) -> Path:
    """Return where the files of the engine of `folder` really are.

    That is `folder`, except where root names one that the server's account cannot reach, such as a
    folder below root's home: then it is a folder in the cache, always the same for the same
    `folder`.
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


def prepare(
    folder: Path, home: Path, heap: str, member: str = "", members: str = ""
) -> Account | None:
    """Make an engine's folder ready for its server to start; its data stay."""
    account = engine_account()
    owner = account.uid if account else os.geteuid()
    folder.chmod(0o711 if account else 0o700)
    blocked = barrier(folder, account)
    if blocked is not None and account is not None:
        raise EngineFolderError(
            f"The server runs as the user {account.name!r}, who may not enter {blocked} on the way "
            f"to {folder}. Make it searchable for others (chmod o+x), or name another folder."
        )
    for name in _SUBFOLDERS:
        if (folder / name).is_symlink():
            raise EngineFolderError(
                f"{folder / name} is a symbolic link, and an engine changes nothing outside of its "
                "own folder: delete the link, or name another folder."
            )
    write_config(folder, home, heap, member, members)
    for name in _SUBFOLDERS:
        inside = folder / name
        existed = inside.is_dir()
        inside.mkdir(mode=0o700, exist_ok=True)
        if existed and name != "config" and inside.stat().st_uid != owner:
            raise EngineFolderError(
                f"{inside} belongs to user id {inside.stat().st_uid}, and the server would run as "
                f"user id {owner}. Start it as the user who made it, or name another folder."
            )
        inside.chmod(0o700)
        if account:
            _hand_over(inside, account, deep=name == "config")
    return account


def _hand_over(folder: Path, account: Account, *, deep: bool) -> None:
    for path in [folder, *(folder.rglob("*") if deep else ())]:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def tail(log: Path, lines: int = 20) -> str:
    """Quote the end of a log, for an error message."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        text = ""
    last = [f"    {line[:300]}" for line in text.splitlines() if line.strip()][-lines:]
    return "\n".join(last) or "    (nothing)"


def place_notice(wanted: Path, placed: Path) -> None:
    """Tell the user where the files are when that is not where they were wanted."""
    if placed != real(wanted):
        notice(f"The server's user may not enter {wanted}; the engine's files are in {placed}.")
