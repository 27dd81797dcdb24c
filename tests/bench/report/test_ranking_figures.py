"""Figures about ranking show the tables, and nothing else."""

import numpy as np
import pandas as pd
import pytest

from bench.report.drawing import style
from bench.report.score_or_distance import FIGURES

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
