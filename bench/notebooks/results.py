"""Runs as notebooks read them: found from anywhere, with a record of the tables read."""

import hashlib
import os
from pathlib import Path

import pandas as pd

from bench.runs.errors import RunError
from bench.runs.folder import RunFolder

#: The clone, whatever folder Jupyter was started in.
ROOT = Path(__file__).resolve().parents[2]
#: Environment variables that name folders other than the clone's, for trying notebooks out.
RESULTS_VARIABLE = "IMGSIG_NOTEBOOK_RESULTS"
DATA_VARIABLE = "IMGSIG_NOTEBOOK_DATA"

_read: dict[str, str] = {}


def results_folder() -> Path:
    """The folder of runs."""
    return Path(os.environ.get(RESULTS_VARIABLE) or ROOT / "results")


def data_folder() -> Path:
    """The folder to which figures' data are written."""
    return Path(os.environ.get(DATA_VARIABLE) or ROOT / "notebooks" / "data")


class ShownRun(RunFolder):
    """A finished run that records which of its tables were read."""

    def table(self, name: str) -> pd.DataFrame:
        """Read a table by its name."""
        table = super().table(name)
        file = f"{name}.parquet"
        _read[f"{self.path.name}/{file}"] = digest(self.path / file)
        return table


def run(name: str) -> ShownRun:
    """Open a finished run by the name of its folder, or by its path.

    Parameters
    ----------
    name : str
        Such as ``reference``, or ``tester-1a2b3c4d-5e6f7a8b``: a folder below ``results``.
    """
    folder = ShownRun(results_folder() / name)
    if not folder.is_finished:
        there = sorted(path.parent.name for path in results_folder().glob("*/manifest.json"))
        raise RunError(
            f"{results_folder()} holds no finished run {name!r}; there are {', '.join(there)}"
        )
    folder.manifest()  # refuses formats that this version does not read
    return folder


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tables_read() -> dict[str, str]:
    """SHA-256 of every table read, by ``run/file``, sorted."""
    return dict(sorted(_read.items()))
