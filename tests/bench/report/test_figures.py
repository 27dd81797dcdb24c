"""Figures show the tables, and nothing else."""

import numpy as np
import pandas as pd
import pytest

from bench.report.drawing import style
from bench.report.figures import FIGURES

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("name", FIGURES)
def test_data_beside_a_figure_is_what_is_drawn(finished, name):
    with style():
        figure, data = FIGURES[name][0](finished.folder)
    stored = pd.read_csv(finished.folder.path / "figures" / f"{name}.csv")
    assert len(stored) == len(data) > 0
    axes = [axes for axes in figure.axes if axes.get_visible()]
    assert axes
    assert all(a.get_xlabel() or a.get_title() for a in axes)


def test_bars_add_up_to_the_measured_size(finished):
    with style():
        figure, data = FIGURES["bytes_per_document"][0](finished.folder)
    variants = finished.folder.table("variants").set_index("variant")["bytes_per_document"]
    totals = data.set_index("variant").sum(axis=1)
    np.testing.assert_allclose(totals, variants.loc[totals.index])
    drawn: dict[float, float] = {}
    for bar in figure.axes[0].patches:
        drawn[bar.get_y()] = drawn.get(bar.get_y(), 0.0) + bar.get_width()
    np.testing.assert_allclose(sorted(drawn.values()), sorted(variants))


def test_curves_are_those_of_the_table(finished):
    with style():
        figure, _ = FIGURES["precision_recall"][0](finished.folder)
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
