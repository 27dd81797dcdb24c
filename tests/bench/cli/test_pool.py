"""``pool``, as a user types it."""

import json
import shutil

import pytest
from click.testing import CliRunner

from bench.cli import cli
from bench.runs.environment import ROOT
from imgsig.cli.boundary import ExitCode


def run(*arguments):
    return CliRunner().invoke(cli, ["pool", *map(str, arguments)])


@pytest.mark.engine
def test_two_runs_that_are_equal_differ_in_nothing(finished, tmp_path):
    other = shutil.copytree(finished.folder.path, tmp_path / "other")
    result = run(finished.folder.path, other, "--json")
    assert result.exit_code == ExitCode.OK, result.output
    told = json.loads(result.stdout)
    assert told["differing"] == {}
    assert told["sentences"][:2] == [
        "Bytes a document: the same in all runs.",
        "Quality: the same in all runs.",
    ]
    assert {row["runs"] for row in [*told["bytes"], *told["quality"], *told["time"]]} == {2}
    assert "What differs" not in run(finished.folder.path, other).stdout


def test_what_cannot_be_pooled_is_told_in_a_sentence():
    path = ROOT / "results" / "reference-speed"
    result = run(path, path)
    assert result.exit_code == ExitCode.FAILED
    assert "name two or more, each in a folder of its own" in result.stderr
    assert run().exit_code == ExitCode.USAGE
