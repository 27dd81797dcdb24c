"""Where downloads and unpacked programs are kept between runs."""

import contextlib
import os
import time
from pathlib import Path
from tempfile import NamedTemporaryFile

import platformdirs

APP = "imgsig-bench"

#: How a file ends while it is written.
ASIDE = ".part"

#: Seconds after which a file that is still being written is one of a run that was killed.
ABANDONED = 3600.0


def real(path: Path) -> Path:
    """The path, absolute, its links followed; one that leads round in a circle stays as it is."""
    return Path(os.path.realpath(path.expanduser()))  # `Path.resolve` raises for these


def cache_dir() -> Path:
    """Folder for everything that is fetched once and used by every run; created when missing.

    ``IMGSIG_BENCH_CACHE`` names it where it is set. Otherwise it is the user's cache folder, or for
    root the machine's: Elasticsearch refuses to run as root, and the unprivileged user it then runs
    as cannot read root's home.
    """
    named = os.environ.get("IMGSIG_BENCH_CACHE")
    if named:
        folder = real(Path(named))
    elif hasattr(os, "geteuid") and os.geteuid() == 0:
        folder = Path(platformdirs.site_cache_dir(APP))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # whatever the umask is: the unprivileged user must get in
    else:
        folder = Path(platformdirs.user_cache_dir(APP))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_entry(path: Path, content: bytes) -> None:
    """Write a file of the cache, whole or not at all, whoever else writes the same.

    The disk is not waited for, as there are thousands: what a power cut may leave empty under the
    new name is told by the seal that readers check. An `OSError` leaves nothing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own for each writer: two runs may write equal files at once.
    with NamedTemporaryFile(dir=path.parent, suffix=ASIDE, delete=False) as aside:
        try:
            aside.write(content)
            aside.close()
            Path(aside.name).replace(path)
        except OSError:
            Path(aside.name).unlink()
            raise


def remove_abandoned(folder: Path) -> None:
    """Remove what runs that were killed left half-written below, an hour ago or earlier."""
    before = time.time() - ABANDONED
    for path in folder.rglob(f"tmp????????{ASIDE}"):  # as `write_entry` names them
        with contextlib.suppress(OSError):  # another run removes them too
            if path.is_file() and path.lstat().st_mtime < before:
                path.unlink()
