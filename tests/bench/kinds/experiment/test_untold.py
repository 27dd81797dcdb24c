"""An experiment on an engine that tells no bytes by field: what is missing is said to be so."""

import json

import pytest
from click.testing import CliRunner

from bench.cli import cli
from bench.engine import open_engine
from bench.engine.catalog import find_distribution
from bench.runs.folder import RunFolder

pytestmark = [pytest.mark.engine, pytest.mark.slow]


def command(*arguments: str):
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def opensearch(tmp_path_factory, engine_env):
    folder = tmp_path_factory.mktemp("engine")
    distribution = find_distribution("opensearch")
    with open_engine(folder, heap="512m", distribution=distribution, env=engine_env) as opened:
        yield opened


def test_nothing_that_is_not_told_is_zero(opensearch, made_experiment, tmp_path, monkeypatch):
    monkeypatch.setenv("ES_URL", opensearch.url)
    config = made_experiment(tmp_path, "untold")
    command("run", str(config), "--results", str(tmp_path / "results"))
    (path,) = (tmp_path / "results").glob("*/manifest.json")
    folder = RunFolder(path.parent)
    variants = folder.table("variants")
    assert (variants["store_bytes"] > 0).all()
    assert variants[["ghost_bytes", "source_bytes", "signature_bytes"]].isna().all(axis=None)
    assert folder.table("fields").empty
    assert folder.manifest()["engine"]["name"] == "opensearch"
    command("verify", str(folder.path))

    page = (folder.path / "where-do-the-bytes-go.html").read_text()
    assert "Not told by this engine" in page
    assert "does not tell them" in (folder.path / "report.html").read_text()
    assert ">nan<" not in page

    told = command("compare", "untold_array", "untold_column", "--analyze", "--json")
    for row in json.loads(told.stdout):
        assert (row["field_bytes"], row["ghost_bytes"]) == (None, None)
        assert any("not told by this engine" in warning for warning in row["warnings"])


def test_a_layout_that_it_cannot_hold_is_refused_before_anything_is_signed(
    opensearch, made_experiment, tmp_path, monkeypatch
):
    monkeypatch.setenv("ES_URL", opensearch.url)
    config = made_experiment(tmp_path, "refused")
    text = config.read_text().replace("layout: tagged_column", "layout: tagged_synthetic")
    config.write_text(text)
    arguments = ["run", str(config), "--results", str(tmp_path / "results")]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 1
    assert "layout 'tagged_synthetic' needs synthetic _source, which it lacks" in result.stderr
    assert "Nothing was measured" in result.output
    assert not (tmp_path / "results").exists()
    assert not opensearch.client.indices.get_alias(index="*refused*").body
