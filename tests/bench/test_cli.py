"""The command line, as a user types it."""

import json

import pytest
from click.testing import CliRunner

from bench.cli import cli


def run(*arguments: object):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_plan_lists_variants_and_runs_nothing(tmp_path):
    config = tmp_path / "x.yaml"
    config.write_text("name: x\nmatrix: {N: [16, 32], k: [8, 10]}\n")
    result = run("run", config, "--plan", "--results", tmp_path / "results")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 4
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [("name: x\nmatrix: {K: [3]}\n", "matrix.K: unknown key"), ("name: x\n", "no variant")],
)
def test_bad_configs_are_explained_without_a_traceback(tmp_path, text, message):
    config = tmp_path / "x.yaml"
    config.write_text(text)
    result = run("run", config)
    assert result.exit_code == 1
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_report_of_no_run(tmp_path):
    result = run("report", tmp_path)
    assert result.exit_code == 1
    assert "no finished run" in result.stderr


@pytest.mark.engine
def test_report_is_drawn_again_from_the_tables(finished):
    page = finished.folder.path / "report.html"
    before = page.read_bytes()
    page.unlink()
    result = run("report", finished.folder.path)
    assert result.exit_code == 0, result.output
    assert page.read_bytes() == before
    assert "made_array" in result.stdout


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


@pytest.mark.photos
def test_datasets_counts_the_collection():
    facts = json.loads(run("datasets", "photos", "--json").stdout)
    assert facts["photographs"] == 155
    assert run("datasets", "folder:/no/such/place").exit_code == 1


@pytest.mark.engine
def test_engine_status_lists_only_what_runs(engine):
    result = run("engine", "status", "--json")
    assert result.exit_code == 0
    assert engine.url in [state["url"] for state in json.loads(result.stdout)]
