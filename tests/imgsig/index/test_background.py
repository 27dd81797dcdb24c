"""What is taken off the scores of an answer."""

import numpy as np
import pytest

from imgsig.index.background import background

#: Five copies before unrelated hits, and none.
COPIES = np.array([[90.0, 88, 87, 86, 85, 20, 19, 18, 17, 16, 15, 14]])
ALONE = np.array([[90.0, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11]])


def test_copies_suppress_each_other_unless_the_background_is_behind_the_gap():
    assert background(COPIES, "kth", 3).tolist() == [87]
    assert background(ALONE, "kth", 3).tolist() == [20]
    assert background(COPIES, "gap", 1).tolist() == [20]
    assert background(COPIES, "gap", 3).tolist() == [18]
    assert background(ALONE, "gap", 1).tolist() == [21]


def test_a_gap_at_the_end_of_an_answer_tells_nothing():
    ending = np.array([[50.0, 49, 48, 40, 39, 38, 37, 36, 35, 34, 33, 0]])
    assert background(ending, "gap", 1).tolist() == [40]


@pytest.mark.parametrize("k", [1, 4, 50])
@pytest.mark.parametrize("rule", ["kth", "gap"])
def test_order_within_a_query_and_shifts_of_it_change_nothing(rule, k):
    rng = np.random.default_rng(k)
    answers = rng.integers(0, 60, (9, 12)).astype(np.float64)
    own = background(answers, rule, k)
    np.testing.assert_array_equal(background(rng.permuted(answers, axis=1), rule, k), own)
    np.testing.assert_array_equal(background(answers + 7, rule, k), own + 7)


def test_answers_of_one_hit_and_of_fewer_than_k_have_a_background():
    assert background(np.array([[7.0]]), "gap", 1).tolist() == [7]
    assert background(np.array([[7.0, 3.0]]), "kth", 9).tolist() == [3]
    assert background(np.array([[7.0, 3.0]]), "gap", 9).tolist() == [3]
