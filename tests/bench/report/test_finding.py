"""What a difference says, in one place."""

import pandas as pd
import pytest

from bench.report.finding import MARGIN, difference, finding, ranking_sentence, word

NAN = float("nan")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1e-6, 0.1, "better"),
        (-0.1, -1e-6, "worse"),
        (-MARGIN, MARGIN, "as good, within 0.01"),
        (0.0, 0.0, "as good, within 0.01"),
        (0.0, 0.046, "cannot be told"),
        (-0.012, 0.009, "cannot be told"),
        (NAN, NAN, "cannot be told"),
    ],
)
def test_not_shown_is_not_equal(low, high, said):
    assert word(low, high) == said


@pytest.mark.parametrize(("scenes", "said"), [(2, "cannot be told"), (300, "as good, within 0.01")])
def test_a_few_scenes_that_say_the_same_show_nothing(scenes, said):
    assert word(0.0, 0.0, scenes) == said
    assert word(-0.001, 0.001, scenes) == "as good, within 0.01"


def test_what_cannot_be_told_says_what_would_show():
    assert finding("it", -0.1, 0.2, 0.2125).endswith("cannot be told (it would show from 0.213 on)")
    assert finding("it", NAN, NAN).endswith("cannot be told")


def table() -> pd.DataFrame:
    row = {"variant_a": "a", "ranking_a": "distance", "variant_b": "a", "ranking_b": "score"}
    figures = {"difference": 0.105, "low": 0.068, "high": 0.125, "detectable": 0.05}
    return pd.DataFrame([row | {"measure": "R@P90"} | figures])


def test_a_comparison_is_found_by_what_it_compares():
    assert difference(table(), ("a", "score"), ("a", "distance"), "R@P90") is None
    row = difference(table(), ("a", "distance"), ("a", "score"), "R@P90")
    assert row is not None
    assert ranking_sentence(row, 0.8725, 0.7675) == (
        "Recall at 90 % precision is 0.768 by score and 0.873 by distance; distance less score "
        "+0.105 (95 % interval +0.068 to +0.125): ranking by distance is better."
    )
    same = {**row, "low": 0.0, "high": 0.0, "difference": 0.0, "detectable": 0.0}
    assert ranking_sentence(same, 1.0, 1.0, scenes=12).endswith(
        "is better or worse cannot be told."
    )
    said = ranking_sentence(row, 0.8725, 0.7675, confidence="80 %")
    assert "+0.105 (80 % interval +0.068 to +0.125)" in said
