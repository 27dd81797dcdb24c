"""Fronts, against the definition."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from bench.kinds.sweep.pareto import pareto_front, pareto_table

POINTS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12)


@given(POINTS)
def test_a_point_is_on_the_front_unless_another_beats_it(points):
    front = pareto_front([p[0] for p in points], [p[1] for p in points])
    for own, on_front in zip(points, front, strict=True):
        beaten = any(p != own and p[0] <= own[0] and p[1] >= own[1] for p in points)
        assert on_front == (not beaten)


def test_points_without_a_size_or_a_value_are_on_no_front():
    front = pareto_front([np.nan, 100, 200], [0.9, np.nan, 0.1])
    assert front.tolist() == [False, False, True]


def test_one_front_a_ranking_and_measure():
    table = pd.DataFrame(
        [
            ("a", "score", "uAP", 0.5, 100.0),
            ("b", "score", "uAP", 0.4, 200.0),
            ("c", "score", "uAP", 0.6, 300.0),
            ("b", "score", "recall@1", 0.4, 200.0),
            ("a", "sign_distance", "uAP", 0.7, 100.0),
            ("a", "score", "threshold@P90", 9.0, 100.0),
        ],
        columns=["variant", "ranking", "measure", "value", "bytes_per_document"],
    )
    found = pareto_table(table)
    assert list(zip(found["variant"], found["ranking"], found["measure"], strict=True)) == [
        ("a", "score", "uAP"),
        ("c", "score", "uAP"),
        ("b", "score", "recall@1"),
        ("a", "sign_distance", "uAP"),
    ]
