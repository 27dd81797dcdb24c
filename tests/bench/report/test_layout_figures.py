"""Figures about layouts show the tables, and nothing else."""

import numpy as np
import pandas as pd
import pytest

from bench.report.drawing import style
from bench.report.layout_page import figures_of

pytestmark = pytest.mark.engine
NAMES = ("bytes_by_layout", "ghost", "bytes_and_time")


@pytest.mark.parametrize("name", NAMES)
def test_data_beside_a_figure_is_what_is_drawn(finished, name):
    with style():
        figure, data = figures_of(finished.folder)[name][0](finished.folder)
    stored = pd.read_csv(finished.folder.path / "figures" / f"{name}.csv")
    assert len(stored) == len(data) > 0
    assert all(axes.get_xlabel() for axes in figure.axes)


def test_bars_are_ordered_by_size(finished):
    with style():
        _, data = figures_of(finished.folder)["bytes_by_layout"][0](finished.folder)
    totals = data.set_index("variant").sum(axis=1)
    assert totals.is_monotonic_decreasing
    measured = finished.folder.table("variants").set_index("variant")["bytes_per_document"]
    np.testing.assert_allclose(totals, measured.loc[totals.index])


def test_the_ghost_is_what_loading_left(finished):
    with style():
        _, data = figures_of(finished.folder)["ghost"][0](finished.folder)
    variants = finished.folder.table("variants").set_index("variant")
    assert data["variant"].tolist() == ["made_column"]
    row = data.iloc[0]
    assert row["ghost"] == variants.loc["made_column", "ghost_bytes"] / 60
    assert row["loaded"] > row["settled"]
