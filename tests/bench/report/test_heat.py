"""Values in their places, readable on their colours."""

import numpy as np
import pandas as pd

from bench.report.heat import heat_map


def test_each_value_stands_in_its_place():
    table = pd.DataFrame({"a": [0.0, 1.0], "b": [0.256, np.nan]}, index=["first", "second"])
    axes = heat_map(table, "What is found", ".2f").axes[0]
    written = {(one.get_position()): one.get_text() for one in axes.texts}
    assert written[0, 0] == "0.00"
    assert written[0, 1] == "1.00"
    assert written[1, 0] == "0.26"
    assert [one.get_text() for one in axes.get_xticklabels()] == ["a", "b"]
    assert [one.get_text() for one in axes.get_yticklabels()] == ["first", "second"]
    inks = {one.get_position(): one.get_color() for one in axes.texts}
    assert inks[0, 0] != inks[0, 1]
