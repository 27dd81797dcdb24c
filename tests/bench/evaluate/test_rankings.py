import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.evaluate.rankings import (
    DISTANCE,
    RANKINGS,
    SCORE,
    SCORE_THEN_DISTANCE,
    SCORE_THEN_SIGN,
    Ranking,
    hybrid_ranking,
)

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


hits = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 20).map(lambda twentieths: twentieths / 20)),
    min_size=1,
    max_size=30,
)


def _columns(pairs: list[tuple[int, float]]) -> dict[str, np.ndarray]:
    score, distance = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    return {"score": score, "distance": distance, "sign_distance": distance}


@pytest.mark.parametrize("ranking", [SCORE_THEN_DISTANCE, SCORE_THEN_SIGN])
@given(pairs=hits)
def test_score_first_then_distance(ranking: Ranking, pairs: list[tuple[int, float]]) -> None:
    values = ranking.goodness(ranking.values(_columns(pairs)))
    keys = [(score, -distance) for score, distance in pairs]
    for a, key_a in zip(values, keys, strict=True):
        for b, key_b in zip(values, keys, strict=True):
            assert (a > b) == (key_a > key_b)


@given(pairs=hits, low=st.integers(1, 9), width=st.integers(0, 9))
def test_within_the_band_distance_decides_and_elsewhere_score(
    pairs: list[tuple[int, float]], low: int, width: int
) -> None:
    high = low + width

    def key(score: int, distance: float) -> tuple[int, float]:
        if score >= high:
            return 2, score
        return (1, -distance) if score >= low else (0, score)

    ranking = hybrid_ranking(low, high)
    values = ranking.values(_columns(pairs))
    keys = [key(*pair) for pair in pairs]
    for a, key_a in zip(values, keys, strict=True):
        for b, key_b in zip(values, keys, strict=True):
            assert (a > b) == (key_a > key_b)


def test_one_cutoff_is_of_score_and_distance() -> None:
    values = SCORE_THEN_DISTANCE.values(_columns([(18, 1.0), (17, 0.39), (17, 0.41), (16, 0.0)]))
    assert SCORE_THEN_DISTANCE.keeps(values, 16.8).tolist() == [True, True, False, False]


def test_cutoffs_of_pairs_and_bands_increase_and_reach_every_hit() -> None:
    worst = {"score": np.array([1.0]), "distance": np.array([1.0])}
    for ranking in (SCORE_THEN_DISTANCE, hybrid_ranking(1, 9), hybrid_ranking(3, 5)):
        cutoffs = ranking.cutoffs(8)
        assert (np.diff(cutoffs) > 0).all()
        assert ranking.keeps(ranking.values(worst), float(cutoffs[0])).all()
    assert hybrid_ranking(9, 9).cutoffs(8).tolist() == SCORE.cutoffs(8).tolist()


def test_a_distance_a_bit_above_1_stays_with_its_score() -> None:
    columns = {"score": np.array([2.0, 1.0]), "distance": np.array([1 + 1e-7, 0.0])}
    assert SCORE_THEN_DISTANCE.values(columns).tolist() == [1.5, 1.0]
