"""``diff``, as a user types it."""

import json
import shutil

import pandas as pd
import pytest
from click.testing import CliRunner

from bench.cli import cli
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder, read_json, write_json
from imgsig.cli.boundary import ExitCode

SPEED = ROOT / "results" / "reference-speed"
LIMITS = ("--fail-over", "bytes=5%", "--fail-over", "quality=0.01", "--fail-over", "time=1.5")


def run(*arguments):
    return CliRunner().invoke(cli, ["diff", *map(str, arguments)])


@pytest.fixture
def larger(finished, tmp_path):
    """A copy of the small run, its first index a tenth larger."""
    path = tmp_path / "larger"
    shutil.copytree(finished.folder.path, path)
    variants = pd.read_parquet(path / "variants.parquet")
    variants.loc[0, "store_bytes"] = variants.loc[0, "store_bytes"] * 11 // 10
    manifest = read_json(path / "manifest.json")
    manifest["tables"]["variants"] = RunFolder(path).write_table("variants", variants)
    write_json(path / "manifest.json", manifest)
    return path


@pytest.mark.engine
def test_a_run_beside_itself_keeps_every_limit(finished, tmp_path):
    path = finished.folder.path
    result = run(path, path, *LIMITS, "--page", tmp_path / "page.html", "--json")
    assert result.exit_code == ExitCode.OK, result.output
    told = json.loads(result.stdout)
    assert told["limits"] == {"bytes=5%": [], "quality=0.01": [], "time=1.5": []}
    assert (told["cautions"], told["changed"], told["only"]) == ([], [], [])
    assert told["paired"]
    assert {row["difference"] for row in told["quality"]} <= {0, None}
    assert {row["ratio"] for row in [*told["bytes"], *told["time"]]} == {1}
    assert "Two runs compared" in (tmp_path / "page.html").read_text()
    table = run(path, "--against", path).stdout
    assert "Bytes a document: the same" in table
    assert "B less A" not in table


@pytest.mark.engine
def test_a_larger_index_is_past_a_limit_of_the_run_it_is_held_against(finished, larger):
    result = run(larger, "--against", finished.folder.path, *LIMITS)
    assert result.exit_code == ExitCode.NOT_REACHED, result.output
    assert "bytes=5% is not kept: made_array takes +" in result.stdout
    assert "quality=0.01 is kept" in result.stdout
    assert run(finished.folder.path, "--against", larger, *LIMITS).exit_code == ExitCode.OK


def test_runs_of_other_kinds_are_refused_in_a_sentence():
    result = run(ROOT / "results" / "reference", SPEED)
    assert result.exit_code == ExitCode.FAILED
    assert "name two runs of one kind" in result.stderr


@pytest.mark.parametrize("arguments", [(SPEED,), (SPEED, SPEED, "--against", SPEED)])
def test_two_runs_are_asked_for(arguments):
    result = run(*arguments)
    assert result.exit_code == ExitCode.USAGE
    assert "name two runs, or one and --against another" in result.stderr


def test_a_limit_that_is_none_is_not_understood():
    result = run(SPEED, SPEED, "--fail-over", "size=5%")
    assert result.exit_code == ExitCode.USAGE
    assert "'size=5%' limits nothing that is compared" in result.stderr
