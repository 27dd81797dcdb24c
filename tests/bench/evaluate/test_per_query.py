import numpy as np
import pytest

from bench.evaluate import ties
from bench.evaluate.hits import Hits
from bench.evaluate.per_query import right_places, values_per_query
from bench.evaluate.rankings import DISTANCE, SCORE
from bench.evaluate.settings import EvaluationSettings

# Query 0: one better, two tied. Query 1: alone at the top. Query 2: only wrong hits. Query 3: none.
HITS = Hits(
    query=np.array([0, 0, 0, 0, 0, 1, 1, 2]),
    right=np.array([False, False, True, False, False, True, False, False]),
    by_ranking={
        "score": np.array([9.0, 5, 5, 5, 2, 8, 7, 6]),
        "distance": np.array([0.3, 0.2, 0.1, 0.5, 0.6, 0.4, 0.1, 0.2]),
    },
    is_candidate=np.array([True, True, False, True]),
)


def test_places_by_score() -> None:
    places = right_places(HITS, SCORE, 4)
    assert places.found.tolist() == [True, True, False, False]
    assert places.better.tolist() == [1, 0, 0, 0]
    assert places.tied.tolist() == [2, 0, 0, 0]


def test_places_by_distance() -> None:
    places = right_places(HITS, DISTANCE, 4)
    assert places.better.tolist() == [0, 1, 0, 0]
    assert places.tied.tolist() == [0, 0, 0, 0]


def test_values_by_hand() -> None:
    values = values_per_query(HITS, SCORE, 4, EvaluationSettings(recall_ranks=(1, 2), size=50))
    found = {key: value.tolist() for key, value in values.items()}
    assert found == {
        ("AP", ties.OPTIMISTIC): [1 / 2, 1, 0, 0],
        ("AP", ties.EXPECTED): [pytest.approx((1 / 2 + 1 / 3 + 1 / 4) / 3), 1, 0, 0],
        ("AP", ties.PESSIMISTIC): [1 / 4, 1, 0, 0],
        ("recall@1", ties.OPTIMISTIC): [0, 1, 0, 0],
        ("recall@1", ties.EXPECTED): [0, 1, 0, 0],
        ("recall@1", ties.PESSIMISTIC): [0, 1, 0, 0],
        ("recall@2", ties.OPTIMISTIC): [1, 1, 0, 0],
        ("recall@2", ties.EXPECTED): [pytest.approx(1 / 3), 1, 0, 0],
        ("recall@2", ties.PESSIMISTIC): [0, 1, 0, 0],
        ("candidate_recall@50", ties.NONE): [1, 1, 0, 1],
    }
