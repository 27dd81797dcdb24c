"""Runs are found from anywhere, and what was read of them is remembered."""

import pytest

from bench.notebooks import results
from bench.notebooks.results import RESULTS_VARIABLE, digest, run, tables_read
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


def test_csv_is_read_and_remembered(tmp_path, monkeypatch):
    monkeypatch.setenv(RESULTS_VARIABLE, str(tmp_path))
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "manifest.json").write_text('{"format": 1}')
    (tmp_path / "one" / "codecs.csv").write_text("form,bytes\n,1\n")
    table = run("one").csv("codecs")
    assert table.to_dict("list") == {"form": [""], "bytes": [1]}
    assert tables_read() == {"one/codecs.csv": digest(tmp_path / "one" / "codecs.csv")}
    with pytest.raises(RunError, match="has no table 'limit'"):
        run("one").csv("limit")
    with pytest.raises(RunError, match="no finished run 'two'; there are one"):
        run("two")
    (tmp_path / "one" / "manifest.json").write_text('{"format": 0}')
    with pytest.raises(RunError, match="format 0"):
        run("one")
