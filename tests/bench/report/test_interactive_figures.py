"""Figures that answer to the pointer show the data that is committed beside them."""

from pathlib import Path

import pandas as pd
import pytest
import vl_convert

from bench.report.interactive_figures import INTERACTIVE

RESULTS = Path(__file__).parents[3] / "results"
RUNS = {
    "ranking_curves": "reference",
    "score_against_distance": "reference",
    "bytes_and_time": "reference-layouts",
    "pareto": "reference-sweep",
    "projections": "reference-scale",
}


@pytest.mark.parametrize("name", INTERACTIVE)
def test_the_plot_has_the_points_of_the_data(name):
    data = pd.read_csv(RESULTS / RUNS[name] / "figures" / f"{name}.csv")
    plot = INTERACTIVE[name](data)
    points = pd.DataFrame(plot["datasets"]["points"])
    assert vl_convert.vegalite_to_vega({**plot, "width": 600})["marks"]
    if name == "ranking_curves":  # thinned where the eye sees one point
        assert 60 < len(points) < len(data)
        for _, own in data.groupby("ranking"):
            assert (points["recall"] - own["recall"].max()).abs().min() < 0.002
    else:
        assert len(points) == len(data)


def test_projections_are_in_gigabytes():
    data = pd.read_csv(RESULTS / "reference-scale" / "figures" / "projections.csv")
    points = INTERACTIVE["projections"](data)["datasets"]["points"]
    largest = max(point["primary_bytes_gb"] for point in points)
    assert largest == pytest.approx(data["primary_bytes"].max() / 1e9, rel=1e-4)
