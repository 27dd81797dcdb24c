"""The folder of a run: tables and manifest, and the state from which a killed run resumes.

``manifest.json`` is written last; a folder without one is of a run that is not finished, and what
is in its ``work`` subfolder is taken up by the next. What is left to remove then is in
``ending.json``, see `bench.kinds.finish`.
"""

import hashlib
import io
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from bench.runs.errors import RunError
from imgsig.output_file import replaced, written

#: Version of the layout of a result folder; a change that a reader must know of raises it.
FORMAT_VERSION = 1
#: What a run notes in its work folder before it has measured anything.
_BEGUN = ("code.json", "config.json", "begun.json", "owner.json", "seconds.json")


class RunFolder:
    """Reads and writes one run's files; the folder is created when something is first written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.work = path / "work"
        #: Is there while a run comes to its end, see `bench.kinds.finish`.
        self.ending = path / "ending.json"

    @property
    def has_manifest(self) -> bool:
        """Whether nothing is left to measure."""
        return (self.path / "manifest.json").is_file()

    @property
    def is_finished(self) -> bool:
        """Whether the run has ended: its manifest is there, and nothing is left to remove."""
        return self.has_manifest and not self.ending.exists()

    @property
    def owner(self) -> str:
        """What this run's indices are marked with, by which it knows them again.

        On a shared cluster, others may run the same config with the same code: their indices are
        not ours, so part of the mark is random. An engine of our own holds nothing of others, and
        may outlive this folder.
        """
        if not os.environ.get("ES_URL"):
            return self.path.name
        path = self.work / "owner.json"
        if not path.is_file():
            write_json(path, f"{self.path.name}-{secrets.token_hex(4)}")
        return str(read_json(path))

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for this process alone.

        A run that is refused before anything was measured leaves no folder that it has made.
        """
        self.check_links()
        made = [path for path in (self.path, *self.path.parents) if not path.exists()]
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / ".lock", timeout=0):
                try:
                    yield
                except Exception:
                    if made and not self._has_work():
                        shutil.rmtree(self.path)
                        for path in made[1:]:
                            with suppress(OSError):  # another run is in there by now
                                path.rmdir()
                    raise
        except Timeout as error:
            raise RunError(
                f"another process is running in {self.path}; wait for it, or stop it first"
            ) from error

    def check_links(self) -> None:
        """See that nothing is written to or removed outside this folder."""
        found = [self.path] if self.path.is_symlink() else []
        for parent, folders, files in os.walk(self.path):
            found += [path for name in folders + files if (path := Path(parent, name)).is_symlink()]
        if found:
            raise RunError(
                f"{found[0]} is a symbolic link, and a run writes and deletes only inside its own "
                "folder: delete the link, or choose another folder with --results"
            )

    def _has_work(self) -> bool:
        """Whether there is more than notes about the start, and signatures, which are cached."""
        files = (path.relative_to(self.path) for path in self.path.rglob("*") if path.is_file())
        begun = (Path(".lock"), *(Path("work") / name for name in _BEGUN))
        return any(file not in begun and file.parent != Path("work/signed") for file in files)

    def manifest(self) -> dict[str, Any]:
        """The run's manifest."""
        if not self.is_finished:
            raise RunError(f"{self.path} holds no finished run; repeat its command to resume it")
        path = self.path / "manifest.json"
        manifest = read_json(path)
        if not isinstance(manifest, dict):
            raise RunError(
                f"{path} holds {type(manifest).__name__}, not an object: this is not a run's "
                "manifest"
            )
        if manifest.get("format") != FORMAT_VERSION:
            raise RunError(
                f"{self.path} has format {manifest.get('format')!r}, this version reads "
                f"{FORMAT_VERSION}; run the experiment again"
            )
        return manifest

    def config(self) -> dict[str, Any]:
        """The config in its canonical form, also of a run that has no manifest yet."""
        if self.has_manifest:
            return dict(read_json(self.path / "manifest.json")["config"])
        return dict(read_json(self.work / "config.json"))

    def table(self, name: str) -> pd.DataFrame:
        """Read a table by its name."""
        path = self.path / f"{name}.parquet"
        if not path.is_file():
            raise RunError(f"{self.path} has no table {name!r}")
        content = path.read_bytes()
        recorded = self._sha256(name)
        if recorded is not None and hashlib.sha256(content).hexdigest() != recorded:
            raise RunError(
                f"{path} does not have the SHA-256 in the manifest: it was changed after the run. "
                "Restore it, or run the config again"
            )
        try:
            return pd.read_parquet(io.BytesIO(content))
        except (pa.ArrowException, OSError) as error:
            raise RunError(
                f"{path} cannot be read ({error}): restore it, or run the config again"
            ) from error

    def _sha256(self, name: str) -> str | None:
        """What the manifest says of a table's bytes; None where there is none yet."""
        if not self.has_manifest:
            return None
        manifest = read_json(self.path / "manifest.json")
        try:
            return str(manifest["tables"][name]["sha256"])
        except (LookupError, TypeError):
            return None

    def write_table(self, name: str, table: pd.DataFrame) -> dict[str, Any]:
        """Write a table; return its entry for the manifest: rows, columns and SHA-256."""
        path = self.path / f"{name}.parquet"
        write_parquet(path, table)
        return {
            "rows": len(table),
            "columns": {column: str(kind) for column, kind in table.dtypes.items()},
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }

    def discard_work(self) -> None:
        """Remove the state that only a resumed run needs."""
        shutil.rmtree(self.work, ignore_errors=True)


@contextmanager
def written_aside(path: Path) -> Iterator[BinaryIO]:
    """Write a file aside and rename it, so that it is never seen half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replaced(path) as file:
        yield file


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file aside and rename it."""
    with written_aside(path) as file:
        file.write(data)


def write_output(path: Path, data: bytes) -> None:
    """Write a file that a user has named, see `imgsig.output_file.written`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written(path) as file:
        file.write(data)


def write_json(path: Path, content: Any) -> None:
    """Write JSON aside and rename it."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    write_bytes(path, text.encode() + b"\n")


def read_json(path: Path) -> Any:
    """Read JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # bytes that are no text, text that is no JSON
        raise RunError(
            f"{path} is not JSON ({error}): it was changed or truncated. Restore it, or run the "
            "config again in another folder"
        ) from error


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a table aside and rename it; equal tables give equal bytes."""
    with written_aside(path) as file:
        table.to_parquet(
            file,
            engine="pyarrow",
            compression="zstd",
            compression_level=9,
            # Distances repeat from index to index: one dictionary holds them all.
            dictionary_pagesize_limit=2**26,
            index=False,
        )


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write an array aside and rename it."""
    with written_aside(path) as file:
        np.save(file, array, allow_pickle=False)


class Stopwatch:
    """Seconds spent in each stage of a run, added up over all its starts in a JSON file.

    What a stage within another takes counts for itself alone. Where progress bars cannot be seen,
    `tell` is called with a line about each stage that is done.
    """

    def __init__(self, path: Path, tell: Callable[[str], object] | None = None) -> None:
        self._path = path
        self._tell = tell
        self.seconds: dict[str, float] = read_json(path) if path.is_file() else {}
        self._within: list[float] = []  # of each stage under way, seconds of those inside it

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Add the time spent inside to a stage; a stage that fails does not count."""
        begun = time.monotonic()
        self._within.append(0.0)
        try:
            yield
        finally:
            whole = time.monotonic() - begun
            spent = whole - self._within.pop()
            if self._within:
                self._within[-1] += whole
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + spent, 3)
        write_json(self._path, self.seconds)
        if self._tell:
            self._tell(f"{stage}: {spent:.1f} s")
