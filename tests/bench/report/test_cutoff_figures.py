"""Figures about cutoffs show the tables, and nothing else."""

from pathlib import Path

import numpy as np
import pytest

from bench.report.cutoff_figures import precision_by_cutoff, scores_by_edit
from bench.report.drawing import style
from bench.runs.folder import RunFolder

REFERENCE = RunFolder(Path(__file__).parents[3] / "results" / "reference")


@pytest.fixture(scope="module")
def by_cutoff():
    with style():
        return precision_by_cutoff(REFERENCE, "tester")


@pytest.fixture(scope="module")
def by_edit():
    with style():
        return scores_by_edit(REFERENCE, "tester")


@pytest.mark.parametrize(("panel", "ranking"), [(0, "score"), (1, "distance")])
@pytest.mark.parametrize("measure", ["precision", "recall"])
def test_curves_are_those_of_the_table(by_cutoff, panel, ranking, measure):
    figure, _ = by_cutoff
    curves = REFERENCE.table("curves").query(
        "variant == 'tester' and half == 'all' and ranking == @ranking and precision == precision"
    )
    own = curves.sort_values("cutoff")
    line = next(line for line in figure.axes[panel].lines if line.get_label() == measure)
    np.testing.assert_array_equal(line.get_data(), [own["cutoff"], own[measure]])
    bands = [
        band.get_datalim(figure.axes[panel].transData) for band in figure.axes[panel].collections
    ]
    ends = [own[f"{measure}_low"].min(), own[f"{measure}_high"].max()]
    assert any(np.allclose([band.y0, band.y1], ends) for band in bands)


def test_every_right_hit_is_a_point_and_every_wrong_one_is_counted(by_edit):
    figure, data = by_edit
    candidates = REFERENCE.table("candidates").query("variant == 'tester'")
    counts = candidates["relation"].value_counts()
    assert data.groupby("relation")["hits"].sum().to_dict() == {
        relation: counts[relation] for relation in ("right", "wrong")
    }
    points = [len(line.get_xdata()) for axes in figure.axes for line in axes.lines]
    assert sum(points) == counts["right"]
    for axes in figure.axes:
        name, _, count = axes.get_title(loc="left").rpartition(" ")
        own = data[data["transform"] == name]
        assert count == f"({len(own)})"
        np.testing.assert_allclose(axes.lines[0].get_ydata(), own["distance"])
        assert np.abs(axes.lines[0].get_xdata() - own["score"]).max() <= 0.35


def test_edits_come_most_alike_first(by_edit):
    figure, data = by_edit
    names = [axes.get_title(loc="left").rpartition(" ")[0] for axes in figure.axes]
    medians = data[data["relation"] == "right"].groupby("transform")["distance"].median()
    assert medians[names].is_monotonic_increasing
    assert set(names) == set(medians.index)
