"""Two runs compared part by part."""

import pytest

from bench.diff.runs import DiffError, diff_runs
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder


def committed(name):
    return RunFolder(ROOT / "results" / name)


def test_runs_of_other_kinds_are_refused():
    with pytest.raises(DiffError, match=r"of kind experiment, .* of kind speed.* two runs of one"):
        diff_runs(committed("reference"), committed("reference-speed"))


@pytest.mark.parametrize("name", ["reference-scale", "reference-engines", "reference-sweep"])
def test_a_run_of_any_kind_beside_itself_differs_in_nothing(name):
    found = diff_runs(committed(name), committed(name))
    assert found.cautions == []
    assert found.changes.empty
    assert found.only == {}
    assert not found.paired
    assert all((each["ratio"] == 1).all() for key, each in found.parts.items() if key != "quality")
    assert found.parts["bytes"].empty == (name == "reference-sweep")


def test_what_one_run_alone_has_is_told():
    found = diff_runs(committed("reference"), committed("reference-codecs"))
    lacking = found.only["bytes", "B"]
    assert "tester_none" not in lacking
    assert lacking
    assert any(name.endswith(" by score") for name in found.only["quality", "B"])
