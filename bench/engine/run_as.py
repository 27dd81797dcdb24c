"""Who the server runs as.

Elasticsearch refuses to run as root (`bootstrap check
<https://www.elastic.co/guide/en/elasticsearch/reference/8.18/_root_user_check.html>`_ of the
server itself), so root hands it to ``nobody``. Everyone else runs it as themselves.
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from bench.engine.errors import EngineFolderError
from datasets.cache import real


@dataclass(frozen=True)
class Account:
    """An unprivileged user, with one group and no others.

    Parameters
    ----------
    name : str
        Name in the user database.
    uid, gid : int
        The ids of its entry there.
    """

    name: str
    uid: int
    gid: int


def engine_account() -> Account | None:
    """Return the account the server is handed to, or None where it runs as the caller.

    Returns
    -------
    Account or None
        ``nobody`` for root, None for everyone else.
    """
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
