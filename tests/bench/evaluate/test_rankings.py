import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.evaluate.rankings import DISTANCE, RANKINGS, SCORE, Ranking

rankings = pytest.mark.parametrize("ranking", RANKINGS.values(), ids=list(RANKINGS))


def test_curves_have_the_documented_cutoffs() -> None:
    assert SCORE.cutoffs(63).tolist() == list(range(1, 64))
    distances = DISTANCE.cutoffs(63)
    assert (len(distances), distances[0], distances[90], distances[-1]) == (201, 0.0, 0.45, 1.0)
    assert np.diff(distances) == pytest.approx(0.005)


def test_a_distance_cutoff_is_strict_and_a_score_cutoff_is_not() -> None:
    assert DISTANCE.keeps(np.array([0.4499, 0.45, 0.46]), 0.45).tolist() == [True, False, False]
    assert SCORE.keeps(np.array([6, 7, 8]), 7).tolist() == [False, True, True]


@rankings
@given(values=st.lists(st.floats(0, 1), min_size=1, max_size=20), at=st.integers(0, 19))
def test_a_cutoff_keeps_exactly_the_hits_it_was_found_on(
    ranking: Ranking, values: list[float], at: int
) -> None:
    column = np.array(values)
    goodness = ranking.goodness(column)
    worst = goodness[at % len(values)]
    kept = ranking.keeps(column, ranking.cutoff_keeping(float(worst)))
    np.testing.assert_array_equal(kept, goodness >= worst)


@rankings
def test_no_cutoff_keeps_nothing(ranking: Ranking) -> None:
    assert not ranking.keeps(np.array([0.0, 1.0]), float("nan")).any()
