"""Signatures of many files: in order, with bounded memory, whatever the files are."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from imgsig.config import SignatureConfig
from imgsig.errors import ConfigError
from imgsig.image import MAX_PIXELS
from imgsig.sign_many.cache import SignatureDatabase
from imgsig.sign_many.cluster import sign_on_cluster
from imgsig.sign_many.sign_file import OUTCOMES, Settings, SignedFile
from imgsig.sign_many.workers import sign_in_workers

__all__ = ["OUTCOMES", "SignedFile", "sign_many"]

_DEFAULT = SignatureConfig()


def sign_many(
    paths: Iterable[str | os.PathLike[str]],
    *,
    workers: int | None = None,
    config: SignatureConfig = _DEFAULT,
    max_pixels: int = MAX_PIXELS,
    seconds: float = 60.0,
    memory: int = 2 * 2**30,
    cache: str | os.PathLike[str] | None = None,
    scheduler: str | None = None,
    advance: Callable[[SignedFile], object] | None = None,
) -> Iterator[SignedFile]:
    r"""Sign many files: one record each, in order, whatever the files are.

    Paths are taken as workers become free, so there may be any number; memory depends on the
    workers and the pictures alone. A file that is missing, damaged, endless, too large, or that
    kills its worker gives a record that says so, and the others go on.

    Parameters
    ----------
    paths : iterable of path
        Files, in the order of the records.
    workers : int, optional
        Processes on this machine. Default: as many as the cores this process may use.
    config : SignatureConfig
        Of the signatures; ``SignatureConfig(decode="fast")`` is a configuration of its own.
    max_pixels : int
        Larger pictures are refused before they are decoded.
    seconds : float
        A file that takes longer is given up, and its worker replaced.
    memory : int
        Bytes a worker may take beyond what it has when it starts. Linux and other Unixes only.
    cache : path, optional
        A file in which signatures are kept by the content of the pictures and the configuration:
        what is known is not computed again. Made when there is none; many processes may share it.
    scheduler : str, optional
        Address of a Dask cluster, as ``tcp://host:8786``: its workers sign instead of processes of
        this machine. They must see the files, and the cache, under the same paths. Needs the extra
        ``dask``.
    advance : callable, optional
        Called with each record before it is yielded, to show progress.

    Yields
    ------
    SignedFile
        In the order of the paths. Ending or closing the iterator ends the workers.

    Raises
    ------
    ConfigError
        If a parameter is impossible, or the cluster cannot be used; at the call, not at the first
        record.

    Notes
    -----
    Worker processes import the main module, so a script needs the usual
    ``if __name__ == "__main__":`` around what it runs.

    Examples
    --------
    >>> [record] = sign_many(["no-such-file.jpg"], workers=1)
    >>> record.outcome, record.signature is None
    ('missing', True)
    """
    settings = Settings(
        config=config,
        max_pixels=max_pixels,
        seconds=seconds,
        memory=memory,
        cache=None if cache is None else Path(cache).absolute(),
    )
    files = map(os.fsdecode, paths)
    if scheduler is not None:
        if workers is not None:
            raise ConfigError("workers are those of the cluster; leave out 'workers'")
        records = sign_on_cluster(files, settings, scheduler)
    else:
        count = _cores() if workers is None else workers
        if count < 1:
            raise ConfigError(f"workers = {count} is impossible: at least 1 is needed")
        if settings.cache is not None:
            _check_cache(settings.cache)
        records = sign_in_workers(files, settings, count)
    return records if advance is None else _told(records, advance)


def _cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _check_cache(path: Path) -> None:
    """Make the cache, before workers would fail one after the other because they cannot."""
    try:
        SignatureDatabase(path).close()
    except (OSError, sqlite3.Error) as error:
        raise ConfigError(
            f"{path} cannot be used as a cache: {error}. It is left untouched; name another file, "
            "in a folder you may write to"
        ) from error


def _told(
    records: Iterator[SignedFile], advance: Callable[[SignedFile], object]
) -> Iterator[SignedFile]:
    for record in records:
        advance(record)
        yield record
