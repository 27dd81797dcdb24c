"""The arithmetic of the table."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.sections import Resampling
from bench.kinds.speed.config import Goal, Pipeline, Speed
from bench.kinds.speed.ratios import by_file, ratio_interval, speed_ratio, spread, summarize_goal

SPEED = Speed(
    kind="speed",
    name="t",
    goals=[Goal(title="exact", tool="exact", ratio=3.0, photographs=[{"photo": "a"}])],
    pipeline=Pipeline(variants=[{"name": "v", "codec": {"id": "none"}}]),
    bootstrap=Resampling(resamples=200),
)


def samples(times: dict[str, dict[str, list[float]]]) -> pd.DataFrame:
    rows = [
        (file, 1.5, repetition, 0, tool, value)
        for tool, files in times.items()
        for file, values in files.items()
        for repetition, value in enumerate(values)
    ]
    columns = ["file", "megapixels", "repetition", "place", "tool", "seconds"]
    return pd.DataFrame(rows, columns=columns)


def test_a_goal_by_hand():
    table = samples(
        {
            "image-match": {"z": [0.4, 0.8, 0.4], "a": [0.9, 0.9, 0.9]},
            "exact": {"z": [0.1, 0.1, 0.1], "a": [0.1, 0.1, 0.9]},
            "decode": {"z": [0.05, 0.05, 0.05], "a": [0.05, 0.05, 0.05]},
        }
    )
    assert by_file(table, "exact").tolist() == [[0.1, 0.1, 0.1], [0.1, 0.1, 0.9]]
    ours, peer, decode = summarize_goal(SPEED.goals[0], table, SPEED)
    # Medians: image-match 0.4 and 0.9, ours 0.1 and 0.1; ratios 4 and 9, geometric mean 6.
    assert ours["tool"] == "exact"
    assert ours["ratio"] == pytest.approx(6)
    assert ours["milliseconds"] == pytest.approx(100)
    assert peer["milliseconds"] == pytest.approx(650)
    assert (peer["ratio"], peer["low"], peer["high"]) == (1, 1, 1)
    assert decode["ratio"] == pytest.approx((8 * 18) ** 0.5)
    assert (ours["files"], ours["repetitions"], ours["megapixels"]) == (2, 3, 1.5)
    # z: quartiles 0.1, 0.1; a: 0.1, 0.5 about a median of 0.1.
    assert ours["spread"] == pytest.approx(2.0)
    assert ours["unstable"]
    assert not decode["unstable"]
    assert ours["wanted"] == 3
    assert ours["met"].startswith("yes")
    assert np.isnan(decode["wanted"])
    assert decode["met"] == ""


def test_the_interval_draws_files_and_repetitions_in_pairs():
    # Both tools slow down together: the ratio is 3 in every turn, whatever is drawn.
    slow_machine = np.array([[1.0, 5.0, 2.0], [2.0, 2.0, 9.0]])
    options = {"resamples": 300, "confidence": 0.95, "seed": 0}
    low, high = ratio_interval(3 * slow_machine, slow_machine, **options)
    assert low == pytest.approx(3)
    assert high == pytest.approx(3)
    # One file of ratio 2, one of 8: resamples have two, one or none of each.
    pair = np.array([[2.0, 2.0], [8.0, 8.0]])
    assert speed_ratio(pair, np.ones((2, 2))) == pytest.approx(4)
    assert ratio_interval(pair, np.ones((2, 2)), **options) == pytest.approx((2, 8))


def test_times_that_never_vary_have_no_spread():
    assert spread(np.full((2, 5), 0.3)) == 0
