"""Figures are written in every form, with their data."""

import pandas as pd
from matplotlib.figure import Figure

from bench.report.drawing import write_figures
from bench.runs.folder import RunFolder


def test_png_svg_and_data_are_written(tmp_path):
    def draw(folder: RunFolder) -> tuple[Figure, pd.DataFrame]:
        figure = Figure()
        figure.subplots().plot([1, 2], [3, 4])
        return figure, pd.DataFrame({"x": [1, 2], "y": [3, 4]})

    svgs = write_figures(RunFolder(tmp_path), {"line": (draw, "A line.")})
    figures = tmp_path / "figures"
    assert (figures / "line.svg").read_bytes() == svgs["line"]
    assert b"<svg" in svgs["line"]
    assert (figures / "line.png").read_bytes().startswith(b"\x89PNG")
    assert (figures / "line.csv").read_text() == "x,y\n1,3\n2,4\n"
