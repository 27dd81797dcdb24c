"""Backgrounds, and values less their background."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.scoring.scorings import SCORINGS, background, get_scoring, normalised

#: Five copies before unrelated hits, and none.
COPIES = np.array([[90.0, 88, 87, 86, 85, 20, 19, 18, 17, 16, 15, 14]])
ALONE = np.array([[90.0, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11]])


def test_every_scoring_has_a_name_of_its_own_that_tells_its_rule():
    assert len({one.name for one in SCORINGS}) == len(SCORINGS)
    assert len({(one.by, one.value, one.rule) for one in SCORINGS}) == len(SCORINGS)
    for one in SCORINGS:
        assert one.name.endswith(f" - {one.rule}") if one.rule else " - " not in one.name


def test_copies_suppress_each_other_unless_the_background_is_behind_the_gap():
    assert background("kth", COPIES, 3).tolist() == [87]
    assert background("kth", ALONE, 3).tolist() == [20]
    assert background("gap", COPIES, 1).tolist() == [20]
    assert background("gap", COPIES, 3).tolist() == [18]
    assert background("gap", ALONE, 1).tolist() == [21]
    assert background("", COPIES, 3).tolist() == [0]


def test_a_gap_at_the_end_of_an_answer_tells_nothing():
    ending = np.array([[50.0, 49, 48, 40, 39, 38, 37, 36, 35, 34, 33, 0]])
    assert background("gap", ending, 1).tolist() == [40]


@pytest.mark.parametrize("k", [1, 4, 50])
@pytest.mark.parametrize("rule", ["kth", "gap"])
def test_order_within_a_query_and_shifts_of_it_change_nothing(rule, k):
    rng = np.random.default_rng(k)
    answers = rng.integers(0, 60, (9, 12)).astype(np.float64)
    own = background(rule, answers, k)
    np.testing.assert_array_equal(background(rule, rng.permuted(answers, axis=1), k), own)
    np.testing.assert_array_equal(background(rule, answers + 7, k), own + 7)


def test_what_an_answer_lacks_counts_as_the_worst():
    hits = pd.DataFrame({"row": [0, 0, 2], "rank": [0, 1, 0], "score": [9, 4, 7]})
    hits = hits.assign(distance=[0.25, 0.5, 0.75])
    found = normalised(get_scoring("count - kth"), hits, 3, 4, 2)
    assert found.tolist() == [5, 0, 7]
    found = normalised(get_scoring("distance - kth"), hits, 3, 4, 2)
    assert found.tolist() == [0.25, 0, 0.25]
    assert normalised(get_scoring("distance"), hits, 3, 4, 0).tolist() == [-0.25, -0.5, -0.75]
