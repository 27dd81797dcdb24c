import numpy as np
import pytest

from bench.evaluate.hits import hits_from_arrays
from bench.evaluate.inputs import check_queries
from bench.evaluate.queries import Queries, read_queries
from bench.evaluate.unmatched import best_scores, unmatched_queries, unmatched_scores


@pytest.fixture(scope="module")
def queries(make_queries) -> Queries:
    no_match = {"in_database": False}
    rows = [{}, no_match, no_match, no_match, no_match | {"status": "failed"}]
    return read_queries(check_queries(make_queries(rows)))


def _hits(scores: dict[int, list[float]]):
    query = np.array([q for q, each in scores.items() for _ in each], dtype=np.int64)
    score = np.array([s for each in scores.values() for s in each], dtype=float)
    return hits_from_arrays(query, np.zeros(len(query), dtype=bool), {"score": score}, 5)


def test_failed_queries_and_those_with_a_match_are_not_counted(queries) -> None:
    assert unmatched_queries(queries).tolist() == [False, True, True, True, False]


def test_the_best_hit_counts_and_no_hit_is_0(queries) -> None:
    hits = _hits({3: [2, 5, 4], 0: [9]})
    assert best_scores(hits, queries).tolist() == [9, 0, 0, 5, 0]


def test_the_distribution_by_hand(queries) -> None:
    rows = unmatched_scores(_hits({0: [9], 1: [2, 3], 2: [1]}), queries, 0.95)
    assert [row["score"] for row in rows] == [0, 1, 2, 3]
    assert [row["queries"] for row in rows] == [1, 1, 0, 1]
    assert [row["share"] for row in rows] == pytest.approx([1, 2 / 3, 1 / 3, 1 / 3])
    assert all(row["low"] <= row["share"] <= row["high"] for row in rows)
    assert {row["n"] for row in rows} == {3}


def test_without_such_queries_there_is_no_distribution(make_queries) -> None:
    matched = read_queries(check_queries(make_queries([{}] * 5)))
    assert unmatched_scores(_hits({0: [9]}), matched, 0.95) == []
