"""The commands that ``make notebooks`` and the checks run."""

import shutil

import pandas as pd
import pytest
from click.testing import CliRunner

from bench.notebooks.results import DATA_VARIABLE, RESULTS_VARIABLE
from tools.notebooks import __main__ as commands
from tools.notebooks.execution import NotebookError


@pytest.fixture
def clone(small, tmp_path, monkeypatch):
    """A folder of one notebook, never executed."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    shutil.move(small, folder / "01_small.ipynb")
    monkeypatch.setattr(commands, "NOTEBOOKS", folder)
    monkeypatch.setenv(RESULTS_VARIABLE, str(tmp_path / "results"))
    monkeypatch.setenv(DATA_VARIABLE, str(folder / "data"))
    return folder


def invoke(*arguments):
    return CliRunner().invoke(commands.main, arguments, catch_exceptions=True)


@pytest.mark.slow
def test_what_is_executed_is_not_stale_until_something_changes(clone, tmp_path):
    before = invoke("check")
    assert before.exit_code == 1
    assert "01_small.ipynb: was not executed by 'make notebooks'" in str(before.exception)
    assert invoke("execute", "01").exit_code == 0
    assert (clone / "data" / "small_bytes.csv").is_file()
    assert invoke("check").exit_code == 0
    codecs = pd.DataFrame({"codec": ["new"], "bytes": [1], "form": [""]})
    codecs.to_parquet(tmp_path / "results" / "measured" / "codecs.parquet")
    after = invoke("check", "--again")
    assert isinstance(after.exception, NotebookError)
    assert "measured/codecs.parquet was changed" in str(after.exception)
    assert "cell 'cell-0' shows something else" in str(after.exception)


def test_an_unknown_name_is_refused(clone):
    failed = invoke("execute", "07")
    assert isinstance(failed.exception, NotebookError)
    assert "no notebook is called '07'; there are 01_small" in str(failed.exception)
