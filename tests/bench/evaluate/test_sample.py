import numpy as np
import pytest

from bench.evaluate.hits import Hits
from bench.evaluate.inputs import Queries
from bench.evaluate.rankings import DISTANCE, SCORE
from bench.evaluate.sample import Sample, take_sample

QUERIES = Queries(
    number=np.arange(4),
    n_right=np.array([1, 3, 0, 1]),
    group=np.array([0, 2, 2, 1]),
    signed=np.ones(4, dtype=bool),
    transforms={},
    parts={},
    halves={},
)
HITS = Hits(
    query=np.array([0, 1, 2, 3]),
    right=np.array([True, True, False, True]),
    by_ranking={"score": np.array([5.0, 4, 4, 9]), "distance": np.array([0.1, 0.45, 0.2, 0.3])},
    right_candidates=np.ones(4, dtype=np.int64),
)
WEIGHTS = np.array([[1, 1, 1], [2, 0, 1], [0, 3, 0]], dtype=np.int16)


def _sample(ranking=SCORE) -> Sample:
    return take_sample(HITS, ranking, QUERIES, np.array([True, True, True, False]), WEIGHTS)


def test_groups_are_renumbered_and_keep_their_draws() -> None:
    sample = _sample()
    assert sample.n_groups == 2
    assert sample.group[:3].tolist() == [0, 1, 1]
    assert sample.weights.tolist() == [[1, 1], [2, 1], [0, 0]]
    assert sample.answerable.tolist() == [True, True, False, False]
    assert sample.per_group(sample.answerable).tolist() == [1, 1]
    assert sample.n_right.tolist() == [1, 3]
    assert sample.pool.n_right.tolist() == [1, 3]


def test_the_pool_holds_the_chosen_queries_only() -> None:
    assert _sample().pool.goodness.tolist() == [5, 4]
    assert _sample(DISTANCE).pool.goodness.tolist() == [-0.1, -0.45]


def test_pairs_kept_by_group() -> None:
    right, wrong = _sample(DISTANCE).at_cutoff(0.45)
    assert (right.tolist(), wrong.tolist()) == ([1, 0], [0, 1])


def test_a_ratio_is_of_sums_and_undefined_where_nothing_was_drawn() -> None:
    value, samples = _sample().resampled_ratio(np.array([1.0, 0.0]), np.array([1.0, 3.0]))
    assert value == 0.25
    np.testing.assert_allclose(samples, [1 / 4, 2 / 5, np.nan])


@pytest.mark.parametrize("ranking", [SCORE, DISTANCE])
def test_no_queries_make_an_empty_sample(ranking) -> None:
    sample = take_sample(HITS, ranking, QUERIES, np.zeros(4, dtype=bool), WEIGHTS)
    assert sample.n_groups == 0
    assert len(sample.pool.goodness) == 0
