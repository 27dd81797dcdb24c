"""Signatures by the content of files, kept between calls.

One SQLite database, which any number of processes may read and write at once. The key holds all
that decides a signature: the content, the configuration, the limit of pixels, and the versions of
the library and of the decoder. Each entry carries a hash of itself: one that was damaged is
forgotten and computed again. Failures are not kept: memory, time and decoders change. Nothing is
pickled.
"""

import contextlib
import hashlib
import json
import os
import random
import sqlite3
import threading
import time
from functools import cache as once
from pathlib import Path

import numpy as np
import PIL
from numpy.typing import NDArray

from imgsig.config import SignatureConfig

_TABLE = """CREATE TABLE IF NOT EXISTS signature (
    key TEXT PRIMARY KEY, signature BLOB NOT NULL, seal BLOB NOT NULL) WITHOUT ROWID"""

#: Seconds to wait for others that write.
_PATIENCE = 30.0

#: Version of the signature's computation: one that gives other values must raise it.
ALGORITHM = 2


def content_key(sha256: str, config: SignatureConfig, max_pixels: int) -> str:
    """Under what the signature of a content is kept.

    >>> exact, fast = SignatureConfig(), SignatureConfig(decode="fast")
    >>> content_key("ab", exact, 100) == content_key("ab", fast, 100)
    False
    """
    rest = [config.get_config(), max_pixels, ALGORITHM, PIL.__version__]
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return f"{sha256}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class SignatureDatabase:
    """The database of one file.

    The file is made when there is none, for this user alone. One that is not such a cache is
    refused with `sqlite3.DatabaseError` and left untouched.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # Two threads in one transaction would end each other's.
        self._one_at_a_time = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = _connect(path)

    @staticmethod
    def opened(path: Path) -> "SignatureDatabase":
        """The cache of a file, opened once in each process."""
        return _opened(path, os.getpid())

    def get(self, key: str) -> NDArray[np.int8] | None:
        """The signature kept under a key; None if there is none, or it is damaged."""
        try:
            with self._one_at_a_time:
                row = self._connection.execute(
                    "SELECT signature, seal FROM signature WHERE key = ?", (key,)
                ).fetchone()
        except sqlite3.DatabaseError:
            return None
        if row is None or row[1] != _seal(key, row[0]):
            return None
        return np.frombuffer(row[0], dtype=np.int8).copy()

    def put(self, key: str, signature: NDArray[np.int8]) -> None:
        """Keep a signature. A cache that cannot be written (full disk) costs time, not results."""
        values = signature.tobytes()
        seal = _seal(key, values)
        with contextlib.suppress(sqlite3.DatabaseError), self._one_at_a_time, self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO signature VALUES (?, ?, ?)", (key, values, seal)
            )

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    @staticmethod
    def files(path: Path) -> list[Path]:
        """The database of a path, and what SQLite keeps beside it."""
        return [path, *(path.with_name(path.name + more) for more in ("-wal", "-shm"))]


@once
def _opened(path: Path, process: int) -> SignatureDatabase:
    del process  # a connection must not be carried into a forked process
    return SignatureDatabase(path)


def _connect(path: Path) -> sqlite3.Connection:
    # Of this user alone, whatever the umask; SQLite gives its journals the mode of the database.
    with contextlib.suppress(OSError):  # where it cannot be made, SQLite says so
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    # Threads of one process share it one at a time.
    connection = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False)
    try:
        _refuse_foreign(connection)
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(_TABLE)
        connection.commit()
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _refuse_foreign(connection: sqlite3.Connection) -> None:
    """See that a database is a cache, or empty, before anything is written to it."""
    # In this order: another process may make the table between the two.
    if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
        return
    columns = [row[1] for row in connection.execute("PRAGMA table_info(signature)")]
    if columns != ["key", "signature", "seal"]:
        raise sqlite3.DatabaseError("it is a database of another program")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn on the write-ahead log, which lasts with the file.

    Where others do so at once SQLite says "busy" without having waited: two that hold a lock and
    want a higher one would wait for each other (https://sqlite.org/c3ref/busy_handler.html).
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0.001, 0.05))  # noqa: S311
        else:
            return


def _seal(key: str, values: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + values).digest()
