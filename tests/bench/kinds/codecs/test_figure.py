"""The figure of bytes and speed shows the tables."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.codecs.figure import bytes_and_speed, speed_intervals
from bench.report.drawing import style


@pytest.fixture(scope="module")
def tables():
    rows = [(f"{c}-{s}", c, s, "", c != "lossy", size, size - 2, size + 1)
            for c, size in (("small", 40.0), ("lossy", 54.0), ("plain", 79.0))
            for s in ("half", "none")]  # fmt: skip
    columns = ["codec", "id", "strip", "form", "lossless", "bytes_whole", "low", "high"]
    codecs = pd.DataFrame(rows, columns=columns)
    limit = pd.DataFrame(
        [("weak", "whole", 50.0, 49.0, 51.0), ("strong", "whole", 38.0, 36.0, 39.0),
         ("strong", "crops", 20.0, 19.0, 21.0)],
        columns=["model", "pictures", "bytes", "low", "high"],
    )  # fmt: skip
    samples = pd.DataFrame(
        [(codec, what, 1000, repeat, 0.01 * (number + 1) * (1 + repeat))
         for number, codec in enumerate(codecs["codec"])
         for what in ("encode", "decode", "encode_one") for repeat in range(3)],
        columns=["codec", "what", "signatures", "repeat", "seconds"],
    )  # fmt: skip
    return codecs, limit, samples


def test_speeds_are_the_median_of_the_repeats_and_95_percent_of_them(tables):
    row = speed_intervals(tables[2]).iloc[0]
    repeats = [100_000, 50_000, 100_000 / 3]
    assert row["speed"] == 50_000
    assert [row["speed_low"], row["speed_high"]] == pytest.approx(
        np.quantile(repeats, [0.025, 0.975])
    )


def test_points_intervals_and_limit_are_those_of_the_tables(tables):
    with style():
        figure, data = bytes_and_speed(*tables)
    assert len(data) == 2 * len(tables[0])
    upper, lower = figure.axes
    for axes, what in ((upper, "encode"), (lower, "decode")):
        own = data[(data["what"] == what) & (data["strip"] == "half")]
        drawn = {
            point: container.get_label()
            for container in axes.containers
            for point in zip(*container.lines[0].get_data(), strict=True)
        }
        assert set(drawn) == set(zip(own["bytes_whole"], own["speed"], strict=True))
        lossy = own[~own["lossless"]].iloc[0]
        assert drawn[lossy["bytes_whole"], lossy["speed"]].startswith("lossy")
        assert {text.get_text() for text in axes.texts} == set(own["id"])
        limits = [line.get_xdata()[0] for line in axes.lines if len(set(line.get_xdata())) == 1]
        assert 38.0 in limits
    assert "38.0 bytes (strong)" in upper.get_title(loc="left")
