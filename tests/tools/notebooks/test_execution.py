"""Notebooks are executed in a real kernel; what they show is what is committed."""

import os

import pytest

from bench.notebooks.results import ROOT, results_folder
from tools.notebooks.execution import NotebookError, executed, read_notebook, write_notebook
from tools.notebooks.staleness import differences, stale

OF_RESULTS = (
    "01_storage",
    "02_score_vs_distance",
    "03_words",
    "04_codecs",
    "05_scale",
)


@pytest.mark.slow
@pytest.mark.parametrize("name", OF_RESULTS)
def test_notebooks_show_what_the_committed_runs_say(name, tmp_path):
    path = ROOT / "notebooks" / f"{name}.ipynb"
    fresh = executed(path, results=results_folder(), data=tmp_path)
    assert differences(read_notebook(path), fresh) == [], "run 'make notebooks'"
    written = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert written
    for file, content in written.items():
        assert (ROOT / "notebooks" / "data" / file).read_bytes() == content
    pictures = [
        o for c in fresh.cells for o in c.get("outputs", []) if "image/png" in o.get("data", {})
    ]
    assert len(pictures) == len(written)  # every figure has its data
    assert all(len(picture.data["text/plain"]) > 20 for picture in pictures)  # and words


@pytest.mark.slow
def test_executing_twice_gives_the_same_bytes_and_remembers_what_was_read(small, tmp_path):
    folders = {"results": tmp_path / "results", "data": tmp_path / "data"}
    for name in ("once", "twice"):
        write_notebook(tmp_path / name, executed(small, **folders))
    assert (tmp_path / "once").read_bytes() == (tmp_path / "twice").read_bytes()
    record = read_notebook(tmp_path / "once").metadata["imgsig"]
    tables = {f"measured/{name}.parquet" for name in ("codecs", "fields", "variants")}
    assert set(record["tables"]) == tables
    assert set(record["data"]) == {"small_bytes.csv"}
    text = (tmp_path / "once").read_text()
    assert str(tmp_path) not in text
    assert " at 0x" not in text  # no address of an object
    # The committed file is stale as soon as what it read, wrote or says is another.
    (tmp_path / "results" / "measured" / "codecs.parquet").write_bytes(b"other")
    (tmp_path / "data" / "small_bytes.csv").unlink()
    notebook = read_notebook(tmp_path / "once")
    notebook.cells[0].source += "\n"
    write_notebook(tmp_path / "changed", notebook)
    assert stale(tmp_path / "changed", **folders) == [
        "its cells were changed",
        "measured/codecs.parquet was changed",
        "small_bytes.csv is gone",
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import warnings; warnings.warn('old')", "made.ipynb warns.*old"),
        ("from bench.notebooks import run; run('none')", "no finished run 'none'"),
    ],
)
def test_errors_and_warnings_fail(write_cells, tmp_path, cell, fault):
    path = write_cells(cell)
    before = path.read_bytes()
    with pytest.raises(NotebookError, match=f"(?s){fault}"):
        executed(path, results=tmp_path, data=tmp_path, env=dict(os.environ))
    assert path.read_bytes() == before


def test_what_is_no_notebook_is_refused(tmp_path):
    (tmp_path / "a.ipynb").write_text("{")
    with pytest.raises(NotebookError, match=r"a\.ipynb is no notebook"):
        read_notebook(tmp_path / "a.ipynb")
