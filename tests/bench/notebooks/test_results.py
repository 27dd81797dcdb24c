"""Runs are found from anywhere, and what was read of them is remembered."""

import pytest

from bench.notebooks import results
from bench.notebooks.results import RESULTS_VARIABLE, run, tables_read
from bench.runs.errors import RunError


@pytest.fixture(autouse=True)
def _nothing_read(monkeypatch):
    monkeypatch.setattr(results, "_read", {})


def test_runs_are_found_whatever_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    reference = run("reference")
    assert len(reference.table("variants")) == reference.manifest()["tables"]["variants"]["rows"]
    # What is remembered is what the run itself says of its table.
    recorded = reference.manifest()["tables"]["variants"]["sha256"]
    assert tables_read() == {"reference/variants.parquet": recorded}


def test_what_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv(RESULTS_VARIABLE, str(tmp_path))
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "manifest.json").write_text('{"format": 1}')
    with pytest.raises(RunError, match="no finished run 'two'; there are one"):
        run("two")
    (tmp_path / "one" / "manifest.json").write_text('{"format": 0}')
    with pytest.raises(RunError, match="format 0"):
        run("one")
