"""Figures of an engine run."""

import pytest

from bench.kinds.engines.figures import FIGURES, PAIR_FIGURES
from bench.report.drawing import write_figures
from bench.runs.folder import write_json
from tests.bench.kinds.engines.conftest import FIRST, OTHER


def test_every_figure_is_drawn(same_hits, write_run):
    folder = write_run(same_hits)
    drawn = write_figures(folder, FIGURES | PAIR_FIGURES)
    assert all(svg.startswith(b"<?xml") for svg in drawn.values())
    for name in drawn:
        assert (folder.path / "figures" / f"{name}.csv").stat().st_size > 100


def test_an_index_that_is_not_there_is_not_drawn(same_hits, write_run):
    figure, data = FIGURES["sizes"][0](write_run(same_hits))
    assert len(data) == 8
    assert not ((data["engine"] == OTHER) & (data["variant"] == "vector")).any()
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["tester", "column", "vector"]


def test_intervals_are_said_to_be_of_the_runs_confidence(same_hits, write_run):
    folder = write_run(same_hits)
    write_json(folder.work / "config.json", {"bootstrap": {"confidence": 0.8}})
    for axes in PAIR_FIGURES["speeds"][0](folder)[0].axes:
        assert axes.get_xlabel() == "times as fast, 80 % interval"


@pytest.mark.parametrize("panel", [0, 1])
def test_speeds_are_beside_the_first_engine(panel, same_hits, write_run):
    figure, data = PAIR_FIGURES["speeds"][0](write_run(same_hits))
    assert FIRST not in set(data["engine"])
    low, high = figure.axes[panel].get_xlim()
    assert low < 1 < high
    assert low < data["low"].min()
    assert high > data["high"].max()
