import numpy as np
import pytest

from bench.evaluate.conditions import CONDITIONS, PAIRS
from bench.evaluate.hits import hits_from_arrays
from bench.evaluate.inputs import check_queries
from bench.evaluate.queries import Queries, read_queries

# Query, score, distance, right.
HITS = [
    (0, 63, 0.0, True),
    (0, 20, 0.3, False),
    (1, 63, 0.02, True),
    (1, 19, 0.46, True),
    (1, 8, 0.5, False),
    (2, 12, 0.474, False),
    (2, 8, 0.45, True),
    (3, 9, 0.44, False),
    (4, 7, 0.6, False),
    (4, 6, 0.6, False),
]


@pytest.fixture(scope="module")
def queries(make_queries) -> Queries:
    rows = [{}, {"n_right": 2}, {}, {"in_database": False}, {"in_database": False},
            {"in_database": False}, {"status": "failed"}]  # fmt: skip
    n_right = [row.get("n_right", int(row.get("in_database", True))) for row in rows]
    return read_queries(check_queries(make_queries(rows).assign(n_right=n_right)))


def _hits(queries: Queries, with_distance: bool = True):
    query, score, distance, right = (np.array(column) for column in zip(*HITS, strict=True))
    columns = {"score": score} | ({"distance": distance} if with_distance else {})
    return hits_from_arrays(query, right, columns, len(queries))


def _counts(queries: Queries, hits) -> list[tuple[int, int]]:
    return [
        tuple(int(each.sum()) for each in condition.cases(hits, queries))
        for condition in CONDITIONS
    ]


def test_cases_by_hand(queries) -> None:
    assert _counts(queries, _hits(queries)) == [
        (2, 2),  # 63 and right
        (1, 2),  # 63 and distance 0
        (0, 1),  # the one hit of 20 to 60 is wrong
        (1, 2),  # 19 right, 12 wrong
        (1, 4),  # 8, 8, 7, 6: one right
        (1, 4),  # of four right hits one scores 8
        (1, 3),  # of the best scores 9, 7 and none
        (1, 3),
        (2, 4),  # below 0.45: 0, 0.02, 0.3, 0.44
        (2, 5),  # of five right answers, one of a query that failed
        (1, 2),  # 19 at 0.46 is right, 12 at 0.474 wrong
        (1, 4),
    ]


def test_without_distances_there_are_no_cases_of_them(queries) -> None:
    without, with_distance = (_counts(queries, _hits(queries, has)) for has in (False, True))
    about_distance = [1, 8, 9, 10, 11]
    assert [without[i] for i in about_distance] == [(0, 0)] * 5
    others = set(range(len(CONDITIONS))) - set(about_distance)
    assert [without[i] for i in others] == [with_distance[i] for i in others]


def test_cases_that_count_are_among_the_cases(queries) -> None:
    for condition in CONDITIONS:
        part, whole = condition.cases(_hits(queries), queries)
        assert part.shape == whole.shape == (len(queries),)
        assert ((part >= 0) & (part <= whole)).all()


def test_conditions_tell_their_bound() -> None:
    for condition in CONDITIONS:
        word = "at least" if condition.at_least else "at most"
        assert condition.condition.startswith(f"{word} {100 * condition.bound:g} % of ")
    assert len({condition.condition for condition in CONDITIONS}) == len(CONDITIONS)
    assert sum(condition.claim == PAIRS for condition in CONDITIONS) == 2
