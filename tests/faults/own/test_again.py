"""Tables made again are compared byte for byte; `make faults` makes them, as another user too."""

import shutil

from tests.faults.again import compared
from tests.faults.small_run import Done, digests, only_run


def test_the_same_tables_are_the_same_and_another_is_named(run, tmp_path):
    shutil.copytree(run, tmp_path / "again" / run.name)
    expected = digests(run)
    fault = compared("in another folder", Done(0, ""), tmp_path / "again", expected)
    assert fault.ok, fault.happened
    table = only_run(tmp_path / "again") / "metrics.parquet"
    shutil.copy(table.with_name("curves.parquet"), table)
    fault = compared("in another folder", Done(0, ""), tmp_path / "again", expected)
    assert not fault.ok
    assert fault.happened == "metrics differs"


def test_a_run_that_fails_is_not_the_same(tmp_path):
    fault = compared("as nobody", Done(1, "imgsig-bench: no room\n"), tmp_path, {})
    assert not fault.ok
    assert fault.happened == "exit 1: no room"
