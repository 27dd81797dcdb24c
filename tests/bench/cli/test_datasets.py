"""``datasets``, as a user types it."""

import json
import shutil

import pytest
from click.testing import CliRunner

from bench.cli import cli
from bench.runs.environment import ROOT

PICTURE = ROOT / "tests" / "imgsig" / "fixture" / "Caravaggio_Wikipedia.jpg"


def run(*arguments: object):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.mark.photos
def test_datasets_counts_the_collection():
    facts = json.loads(run("datasets", "photos", "--json").stdout)
    assert facts["photographs"] == 155
    assert run("datasets", "folder:/no/such/place").exit_code == 1


def test_unreadable_files_are_named_with_the_reason(tmp_path):
    shutil.copy(PICTURE, tmp_path)
    (tmp_path / "notes.txt").write_text("no picture")
    result = run("datasets", f"folder:{tmp_path}")
    assert result.exit_code == 0
    assert result.stderr.startswith("unreadable: notes.txt: it is in none of ")
    assert "Unreadable(" not in result.stderr


def test_a_plain_path_is_told_how_to_be_written(tmp_path):
    result = run("datasets", tmp_path)
    assert result.exit_code == 1
    assert f"write folder:{tmp_path}" in result.stderr
    assert "write folder:" not in run("datasets", tmp_path / "missing").stderr
