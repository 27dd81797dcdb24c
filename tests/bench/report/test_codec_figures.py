"""Bars of codecs show the tables, and nothing else."""

from pathlib import Path

import numpy as np

from bench.report.codec_figures import bytes_by_codec
from bench.report.drawing import style
from bench.runs.folder import RunFolder


def test_bars_are_the_measured_stores_by_codec_largest_first():
    folder = RunFolder(Path(__file__).parents[3] / "results" / "reference-codecs")
    with style():
        figure, data = bytes_by_codec(folder)
    variants = folder.table("variants").sort_values("bytes_per_document", ascending=False)
    labels = [
        f"{label} ({name})" if name.startswith("tester") else label
        for name, label in zip(variants["variant"], variants["codec_label"], strict=True)
    ]
    assert data["variant"].tolist() == labels
    totals = data.set_index("variant").sum(axis=1)
    np.testing.assert_allclose(totals, variants["bytes_per_document"])
    # Every bar that is drawn is a cell of the data.
    drawn = sorted(bar.get_width() for bar in figure.axes[0].patches)
    np.testing.assert_allclose(drawn, np.sort(data.drop(columns="variant").to_numpy().ravel()))
