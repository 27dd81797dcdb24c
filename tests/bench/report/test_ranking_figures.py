"""Figures about ranking show the tables, and nothing else."""

import numpy as np
import pandas as pd
import pytest

from bench.report.drawing import style
from bench.report.experiment_pages import FIGURES as OF_REPORT
from bench.report.score_or_distance import FIGURES
from bench.runs.folder import RunFolder, write_json

pytestmark = pytest.mark.engine


VARIANT = "made_array"


@pytest.mark.parametrize("name", FIGURES)
def test_data_beside_a_figure_is_what_is_drawn(finished, name):
    with style():
        figure, data = FIGURES[name][0](finished.folder, VARIANT)
    stored = pd.read_csv(finished.folder.path / "figures" / f"{name}.csv")
    assert len(stored) == len(data) > 0
    assert all(axes.get_xlabel() for axes in figure.axes)


def test_bars_of_losses_add_up_to_all_right_answers(finished):
    with style():
        figure, data = FIGURES["losses"][0](finished.folder, VARIANT)
    totals = data.groupby(["ranking", "target"])["share"].sum()
    np.testing.assert_allclose(totals, 1)
    ends: dict[float, float] = {}
    for bar in figure.axes[0].patches:
        ends[bar.get_y()] = ends.get(bar.get_y(), 0.0) + bar.get_width()
    np.testing.assert_allclose(list(ends.values()), 1)
    assert len(ends) == len(totals)


def test_every_right_hit_is_in_the_scatter(finished):
    with style():
        _, data = FIGURES["score_against_distance"][0](finished.folder, VARIANT)
    table = finished.folder.table("candidates")
    own = table[(table["variant"] == VARIANT) & (table["relation"] == "right")]
    assert (data["relation"] == "right").sum() == len(own)


def test_where_all_scores_are_low_every_label_is_within_the_axes(tmp_path):
    folder, row = RunFolder(tmp_path), {"variant": VARIANT, "relation": "right", "query": 0}
    pairs = [row | {"doc": doc, "score": doc, "distance": 0.1 * doc} for doc in (1, 2, 3)]
    folder.write_table("candidates", pd.DataFrame(pairs))
    own = {"index": VARIANT, "N": 20, "k": 8, "codec": {"id": "int_array"}}
    write_json(folder.work / "config.json", {"variants": [own]})
    with style():
        figure, _ = FIGURES["score_against_distance"][0](folder, VARIANT)
        figure.draw_without_rendering()
    (axes,) = figure.axes
    assert axes.get_xlabel().startswith("score: equal words (of 20, ")
    around = axes.get_tightbbox()
    assert around is not None
    assert around.x1 <= figure.bbox.x1
    assert axes.bbox.width > figure.bbox.width / 2


def test_curves_are_those_of_the_table(finished):
    with style():
        figure, _ = OF_REPORT["precision_recall"][0](finished.folder)
    curves = finished.folder.table("curves")
    chosen = curves[
        (curves["half"] == "all")
        & (curves["variant"] == "made_array")
        & (curves["ranking"] == "score")
        & curves["precision"].notna()
    ]
    title = "made_array, made_column"  # which return the same
    panel = next(axes for axes in figure.axes if axes.get_title(loc="left") == title)
    line = next(line for line in panel.lines if str(line.get_label()).startswith("score"))
    np.testing.assert_array_equal(line.get_xdata(), chosen["recall"])
    np.testing.assert_array_equal(line.get_ydata(), chosen["precision"])
