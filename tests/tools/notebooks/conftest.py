"""The notebooks of the clone, and a small one to change."""

import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from bench.notebooks.results import ROOT

SMALL = """\
from bench.notebooks import run, say, show, show_table
from bench.notebooks.tables import codec_table
from bench.report.storage_figures import bytes_per_document
codecs = run("measured").table("codecs")
show("small_bytes", bytes_per_document, run("measured"))
show_table(codecs)"""


@pytest.fixture(scope="session")
def notebooks() -> list[Path]:
    """The notebooks of the clone."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture
def small(tmp_path) -> Path:
    """A notebook of one cell, beside a copy of what it reads."""
    measured = tmp_path / "results" / "measured"
    measured.mkdir(parents=True)
    reference = ROOT / "results" / "reference"
    for name in ("manifest.json", "variants.parquet", "fields.parquet"):
        shutil.copy(reference / name, measured)
    codecs = pd.DataFrame({"codec": ["packed", "context"], "bytes": [79, 45.5], "form": ["", "x"]})
    codecs.to_parquet(measured / "codecs.parquet")
    return write(tmp_path / "small.ipynb", SMALL)


def write(path: Path, *cells: str) -> Path:
    """Write a notebook of code cells."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(cell, id=f"cell-{n}") for n, cell in enumerate(cells)
    ]
    nbformat.write(notebook, path)
    return path


@pytest.fixture
def write_cells(tmp_path):
    """A function that writes a notebook of code cells."""
    return lambda *cells: write(tmp_path / "made.ipynb", *cells)
