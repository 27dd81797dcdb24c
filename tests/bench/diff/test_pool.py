"""Several runs of one config, taken together."""

import shutil

import numpy as np
import pytest

from bench.diff.pool import (
    RATIOS,
    Pool,
    _pooled,
    _to_first,
    pool_listings,
    pool_runs,
    pool_sentences,
)
from bench.diff.runs import DiffError
from bench.diff.times import Timed
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


def test_intervals_that_hold_all_together_are_wider():
    runs = [{"a": 1.0, "b": 1.0, "alone": 1.0}, {"a": 2.0, "b": 3.0}, {"a": 3.0, "b": 5.0}]
    row = _pooled(runs, together=True).iloc[0]
    half = 1 / 3**0.5 * 6.205346816570705  # Student's t, 2 degrees of freedom, 98.75 %
    assert [row["low"], row["high"]] == pytest.approx([2 - half, 2 + half])


def test_one_difference_in_many_by_chance_is_no_sure_one():
    noise = np.random.default_rng(0).lognormal(sigma=0.1, size=(3, 200))
    runs = [{f"t{i}": each for i, each in enumerate(run)} for run in noise]
    alone, together = _pooled(runs, positive=True), _pooled(runs, positive=True, together=True)
    assert ((alone["low"] > 1) | (alone["high"] < 1)).sum() > 2
    empty = alone.iloc[:0]
    parts = {"bytes": empty, "quality": empty, "time": empty, RATIOS: together}
    (said,) = pool_sentences(Pool([], "speed", {}, parts))
    assert said.startswith("Beside the first that is timed alike 0 of 200 are surely")


def test_ratios_are_to_the_first_that_is_timed_alike():
    told = {
        name: Timed(np.array([median]), name[-1], name[:-1])
        for name, median in {
            "searching cold a": 9.0,
            "searching a": 2.0,
            "searching b": 6.0,
            "searching cold b": 9.0,  # as long as the first, and yet not it
            "indexing b": 0.5,  # began, though it is not the first of all
            "indexing a": 1.0,
        }.items()
    }
    assert _to_first(told) == {
        "searching b, over a": 3.0,
        "searching cold b, over a": 1.0,
        "indexing b, over a": 0.5,
    }


def test_ratios_of_a_run_are_of_one_goal_and_file(slower):
    ratios = pool_runs([SPEED, slower]).parts[RATIOS]
    samples = SPEED.table("samples")
    keys = ["goal", "file"]
    alike = samples.groupby(keys)["tool"].nunique()
    assert len(ratios) == (alike - 1).sum()
    (goal, file), own = next(iter(samples.groupby(keys, sort=False)))
    medians = own.groupby("tool", sort=False)["seconds"].median()
    first, second, *_ = medians.index
    row = ratios[ratios["what"] == f"signing: {goal}, {file}, {second}, over {first}"].iloc[0]
    assert row["mean"] == pytest.approx(medians[second] / medians[first])


def test_runs_of_other_configs_and_one_alone_are_refused():
    other = RunFolder(ROOT / "results" / "reference-pictures")
    with pytest.raises(DiffError, match=r"is of another config than .* imgsig-bench diff"):
        pool_runs([RunFolder(ROOT / "results" / "reference"), other])
    with pytest.raises(DiffError, match="one run has nothing to be pooled with"):
        pool_runs([SPEED, SPEED])
