"""Two runs compared part by part."""

import pytest

from bench.diff.quality import APART, PAIRED
from bench.diff.runs import DiffError, diff_runs
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder


def committed(name):
    return RunFolder(ROOT / "results" / name)


def test_runs_of_other_kinds_are_refused():
    with pytest.raises(DiffError, match=r"of kind experiment, .* of kind speed.* two runs of one"):
        diff_runs(committed("reference"), committed("reference-speed"))


@pytest.mark.parametrize("kind", ["scale", "engines", "nodes", "codec-sizes"])
def test_a_run_of_any_kind_beside_itself_differs_in_nothing(kind):
    name = f"reference-{kind}"
    found = diff_runs(committed(name), committed(name))
    assert found.cautions == []
    assert found.changes.empty
    assert found.only == {}
    assert not found.paired
    assert all((each["ratio"] == 1).all() for key, each in found.parts.items() if key != "quality")
    assert found.parts["bytes"].empty == (kind == "codec-sizes")
    assert found.parts["time"].empty == (kind == "scale")


def test_a_sweep_beside_itself_has_values_that_are_not_paired():
    found = diff_runs(committed("reference-sweep"), committed("reference-sweep"))
    assert not found.paired
    assert (len(found.parts["bytes"]), len(found.parts["time"])) == (28, 28)
    quality = found.parts["quality"].set_index(["index", "ranking", "measure"])
    assert round(quality.loc[("63x16", "score", "uAP"), "a"], 3) == 0.828
    assert (quality["difference"] == 0).all()
    assert set(quality["how"]) == {APART}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "index", "scoring", "value", "timed"),
    [
        ("hashes", "tester", "distance", 0.833, "hashing: pHash"),
        ("remedies", "bits-272", "hamming", 0.508, "signing a picture: bits-272-store-8"),
    ],
)
def test_kinds_that_keep_hits_are_paired(kind, index, scoring, value, timed):
    found = diff_runs(committed(f"reference-{kind}"), committed(f"reference-{kind}"))
    assert found.paired
    assert index in set(found.parts["bytes"]["index"])
    assert {timed, f"searching: {index}"} <= set(found.parts["time"]["what"])
    quality = found.parts["quality"].set_index(["index", "ranking", "measure"])
    assert set(quality["how"]) == {PAIRED}
    assert (quality["difference"] == 0).all()
    assert round(quality.loc[(index, scoring, "uAP"), "a"], 3) == value


def test_what_one_run_alone_has_is_told():
    found = diff_runs(committed("reference"), committed("reference-codecs"))
    lacking = found.only["bytes", "B"]
    assert "tester_none" not in lacking
    assert lacking
    assert any(name.endswith(" by score") for name in found.only["quality", "B"])
