"""``run`` and ``report``, as a user types them."""

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
