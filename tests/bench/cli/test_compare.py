"""``compare``, as a user types it."""

import json
import re

import pytest
from click.testing import CliRunner

from bench.cli import cli


def run(*arguments: object):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.mark.engine
def test_compare_tells_sizes_of_indices_by_name(finished, engine):
    names = ["made_array", "made_none"]
    result = run("compare", *names, "--es-url", engine.url, "--json")
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)
    stored = finished.folder.table("variants").set_index("variant")["store_bytes"]
    assert [row["store_bytes"] for row in rows] == [stored[name] for name in names]
    assert all(row["warnings"] == [] for row in rows)
    table = run("compare", *names, "--es-url", engine.url).stdout
    assert "made_none" in table


@pytest.mark.engine
def test_compare_names_a_missing_index(engine):
    result = run("compare", "nowhere", "--es-url", engine.url)
    assert result.exit_code == 1
    assert "no index 'nowhere'" in result.stderr


@pytest.mark.engine
def test_compare_writes_csv_and_a_page(finished, engine, tmp_path):
    names, page = ["made_array", "made_none"], tmp_path / "compared.html"
    options = ["--es-url", engine.url, "--analyze", "--format", "csv", "--page", page]
    result = run("compare", *names, *options)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("index,documents,store_bytes")
    assert "data:image/svg+xml" in page.read_text()


@pytest.mark.engine
def test_an_index_that_was_not_flushed_is_compared_in_every_form(engine, index_name, tmp_path):
    for _ in range(3):
        engine.client.index(index=index_name, document={"path": "a"}, refresh=True)
    options = ["--es-url", engine.url, "--analyze", "--page", tmp_path / "page.html"]
    for form in ("table", "json", "csv"):
        result = run("compare", index_name, *options, "--format", form)
        assert result.exit_code == 0, result.output
        assert "_flush" in result.stdout
        assert form != "table" or re.search(r"\b[\d.]+ (kB|bytes)", result.stdout)
    (row,) = json.loads(run("compare", index_name, *options, "--json").stdout)
    assert (row["ghost_bytes"], row["field_bytes"]) == (None, None)
    assert "_flush" in (tmp_path / "page.html").read_text()


@pytest.mark.engine
def test_the_table_shows_how_mappings_differ(finished, engine, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    table = run("compare", "made_array", "made_none", "--es-url", engine.url, "--analyze").stdout
    assert "How the mappings differ" in table
    assert "signature" in table
    assert "ghost B/doc" in table
    assert "Bytes a document by field, estimated" in table
