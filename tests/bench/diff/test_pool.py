"""Several runs of one config, taken together."""

import shutil

import numpy as np
import pytest

from bench.diff.pool import _pooled, _to_first, pool_listings, pool_runs, pool_sentences
from bench.diff.runs import DiffError
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder, read_json, write_json

SPEED = RunFolder(ROOT / "results" / "reference-speed")


@pytest.fixture
def slower(tmp_path):
    """A copy of a run, on another machine, of which signing took twice as long."""
    path = tmp_path / "slower"
    path.mkdir()
    for name in ("manifest.json", "samples.parquet"):
        shutil.copy(SPEED.path / name, path)
    manifest = read_json(path / "manifest.json")
    samples = SPEED.table("samples")
    samples["seconds"] *= 2
    manifest["tables"] = {"samples": RunFolder(path).write_table("samples", samples)}
    manifest["machine"]["cores"] = 99
    write_json(path / "manifest.json", manifest)
    return RunFolder(path)


def test_times_vary_between_runs_and_their_ratios_do_not(slower):
    found = pool_runs([SPEED, slower])
    assert found.differing["machine.cores"][1] == "99"
    times = found.parts["time"]
    assert (times["runs"] == 2).all()
    assert times["largest"].to_numpy() == pytest.approx(2 * times["smallest"].to_numpy())
    assert times["mean"].to_numpy() == pytest.approx(2**0.5 * times["smallest"].to_numpy())
    ratios = found.parts["time ratios"]
    assert ratios["largest"].to_numpy() == pytest.approx(ratios["smallest"].to_numpy())
    assert any("takes 2.00 times the fastest" in one for one in pool_sentences(found))
    assert [one.title for one in pool_listings(found)][:2] == ["What differs", "Time"]


def test_an_interval_is_that_of_the_runs_and_of_logarithms_where_that_is_asked():
    row = _pooled([{"a": 1.0, "b": 1.0}, {"a": 2.0}, {"a": 4.0}], positive=True).iloc[0]
    assert (row["what"], row["runs"], row["smallest"], row["largest"]) == ("a", 3, 1, 4)
    assert row["mean"] == pytest.approx(2)
    half = np.log(2) / 3**0.5 * 4.302652729911275  # Student's t, 2 degrees of freedom, 97.5 %
    assert np.log([row["low"], row["high"]]) == pytest.approx(np.log(2) + np.array([-half, half]))


def test_ratios_are_to_the_first_that_is_timed_alike():
    told = {"searching: a": 2.0, "searching: b": 6.0, "indexing: a": 1.0, "indexing: b": 0.5}
    assert _to_first(told) == {"searching: b": 3.0, "indexing: b": 0.5}


def test_runs_of_other_configs_and_one_alone_are_refused():
    other = RunFolder(ROOT / "results" / "reference-pictures")
    with pytest.raises(DiffError, match=r"is of another config than .* imgsig-bench diff"):
        pool_runs([RunFolder(ROOT / "results" / "reference"), other])
    with pytest.raises(DiffError, match="one run has nothing to be pooled with"):
        pool_runs([SPEED, SPEED])
