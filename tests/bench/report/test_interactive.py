"""Specifications of plots compile, and hold the data they were made of."""

import io
from pathlib import Path

import pandas as pd
import pytest
import vl_convert

from bench.kinds.registry import kind_of_run
from bench.report.interactive import INTERACTIVE, Field, Series, interactive_plot, packed
from bench.runs.folder import RunFolder

DATA = pd.DataFrame(
    {
        "x": [3.0, 1.0, 2.0, None],
        "y": [0.123456789, 10.0, 5.0, 1.0],
        "low": [0.1, 9.0, 4.0, 1.0],
        "high": [0.2, 11.0, 6.0, 1.0],
        "kind": ["b", "a", "b", "a"],
        "sure": [True, False, True, True],
    }
)
SERIES = Series(Field("kind", "kind"), {"a": "#000000", "b": "#ff0000"})


def made(**options):
    return interactive_plot(DATA, Field("x", "X", log=True), Field("y", "Y"), SERIES, **options)


def test_points_are_ordered_by_series_and_x_and_rounded():
    plot = made(also=[Field("sure", "is sure")])
    points = plot["datasets"]["points"]
    assert [(p["kind"], p["x"], p["place"]) for p in points] == [
        ("a", 1.0, 0),
        ("b", 2.0, 1),
        ("b", 3.0, 2),
    ]
    assert points[2]["y"] == 0.12346
    assert points[0]["sure"] == "no"
    assert [field["title"] for field in plot["usermeta"]["fields"]] == ["kind", "X", "Y", "is sure"]


def test_axes_span_points_and_intervals():
    axis = made(interval=("low", "high"))["layer"][0]["encoding"]["y"]
    assert axis["scale"]["domain"] == [0.1, 11.0]


def test_every_form_compiles_without_complaint(capfd):
    for options in ({}, {"lines": True}, {"interval": ("low", "high")},
                    {"lines": True, "interval": ("low", "high")}):  # fmt: skip
        compiled = vl_convert.vegalite_to_vega({**made(**options), "width": 600})
        assert len(compiled["marks"]) == 2 + bool(options.get("lines")) + ("interval" in options)
    assert "WARN" not in "".join(capfd.readouterr())


def test_packing_keeps_every_point():
    plot = made()
    small = packed(plot)
    points = [dict(zip(small["columns"], row, strict=True)) for row in small["rows"]]
    assert points == plot["datasets"]["points"]
    assert small["spec"] == {**plot, "datasets": {}}


RESULTS = Path(__file__).parents[3] / "results"
RUNS = {
    "ranking_curves": "reference",
    "score_against_distance": "reference",
    "bytes_and_time": "reference-layouts",
    "pareto": "reference-sweep",
    "projections": "reference-scale",
}


def shown(name: str) -> pd.DataFrame:
    """The data of a figure of a committed run, as they are read from its CSV."""
    folder = RunFolder(RESULTS / RUNS[name])
    draw, _ = kind_of_run(folder).figures(folder)[name]
    return pd.read_csv(io.StringIO(draw(folder)[1].to_csv(index=False)))


@pytest.mark.slow
@pytest.mark.parametrize("name", INTERACTIVE)
def test_the_plot_has_the_points_of_the_data(name):
    data = shown(name)
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
    data = shown("projections")
    points = INTERACTIVE["projections"](data)["datasets"]["points"]
    largest = max(point["primary_bytes_gb"] for point in points)
    assert largest == pytest.approx(data["primary_bytes"].max() / 1e9, rel=1e-4)
