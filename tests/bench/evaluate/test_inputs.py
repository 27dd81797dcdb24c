import re

import numpy as np
import pandas as pd
import pytest

from bench.evaluate.inputs import (
    CANDIDATE_COLUMNS,
    QUERY_COLUMNS,
    EvaluationInputError,
    check_candidates,
    check_queries,
    read_queries,
)
from bench.evaluate.settings import EvaluationSettings

ANSWERS = {0: [(9, 0.2, "right"), (5, 0.3, "wrong")], 1: [(4, 0.5, "wrong")]}


@pytest.fixture
def queries(make_queries) -> pd.DataFrame:
    return make_queries([{}, {"in_database": False}, {"status": "failed"}])


def _check(candidates: pd.DataFrame, queries: pd.DataFrame, **word_counts: int) -> pd.DataFrame:
    settings = EvaluationSettings(n_candidates=3)
    return check_candidates(candidates, queries, word_counts or {"tester": 9}, settings)


def test_queries_come_back_sorted(queries) -> None:
    checked = check_queries(queries.iloc[::-1])
    assert checked["query"].tolist() == [0, 1, 2]
    assert checked.index.tolist() == [0, 1, 2]


@pytest.mark.parametrize("column", QUERY_COLUMNS)
def test_each_column_of_queries_is_needed(queries, column: str) -> None:
    with pytest.raises(EvaluationInputError, match=f"queries lacks the columns {column};"):
        check_queries(queries.drop(columns=column))


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("query", [0, 0, 1], "lists {'query': 0} twice"),
        ("query", ["a", "b", "c"], "use integers"),
        ("in_database", [1, 0, 1], "use booleans"),
        ("half", ["tune", "test", "report"], "queries.half is 'test'; it must be one of tune"),
        ("status", ["ok", "ok", "lost"], "queries.status is 'lost'"),
        ("transform", ["jpeg", "all", "jpeg"], "rename the transform"),
        ("transform", ["jpeg", None, "jpeg"], "queries.transform has missing values"),
        ("half", ["tune", "tune", "report"], "queries.group 'g' is in both halves"),
        ("family", ["jpeg", None, "jpeg"], "queries.family has missing values"),
        ("n_right", [1.0, 0.0, 1.0], "queries.n_right is float64; use integers"),
        ("n_right", [1, 1, 1], "query 1 has n_right 1 and in_database False"),
        ("n_right", [2, 0, 0], "query 2 has n_right 0 and in_database True"),
        ("n_right", [2, -1, 1], "query 1 has n_right -1"),
    ],
)
def test_queries_that_cannot_be_evaluated(queries, column, values, message) -> None:
    if "both halves" in message:
        queries = queries.assign(group="g")
    with pytest.raises(EvaluationInputError, match=re.escape(message)):
        check_queries(queries.assign(**{column: values}))


def test_no_queries_are_an_error(queries) -> None:
    with pytest.raises(EvaluationInputError, match="no rows"):
        check_queries(queries.iloc[:0])


def test_candidates_come_back_in_order_with_the_row_of_their_query(
    make_queries, make_candidates
) -> None:
    queries = check_queries(make_queries([{"query": 7}, {"query": 3}]))
    candidates = make_candidates({7: ANSWERS[0], 3: ANSWERS[1]})
    checked = _check(candidates.iloc[::-1], queries)
    assert checked[["query", "rank", "row"]].to_numpy().tolist() == [
        [3, 0, 0],
        [7, 0, 1],
        [7, 1, 1],
    ]


@pytest.mark.parametrize("column", CANDIDATE_COLUMNS)
def test_each_column_of_candidates_is_needed(queries, make_candidates, column: str) -> None:
    with pytest.raises(EvaluationInputError, match=f"candidates lacks the columns {column};"):
        _check(make_candidates(ANSWERS).drop(columns=column), queries)


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("query", [0, 0, 8], "candidates.query 8 is not in queries"),
        ("query", [0, 0, 2], "query 2 has candidates, but its status is 'failed'"),
        ("rank", [0, 3, 0], "candidates.rank is 3 for variant 'tester', query 0, doc 1"),
        ("rank", [0, 0, 0], "twice"),
        ("doc", [5, 5, 6], "lists {'variant': 'tester', 'query': 0, 'doc': 5} twice"),
        ("score", [10, 5, 4], "candidates.score is 10"),
        ("score", [9, 0, 4], "candidates.score is 0"),
        ("score", [8, 9, 4], "candidates.score is 9 for variant 'tester', query 0, doc 1; "
         "it must be at most the score one rank above"),
        ("score", [9.5, 5.0, 4.0], "candidates.score is float64; use integers"),
        ("distance", [0.2, 1.2, 0.3], "candidates.distance is 1.2"),
        ("distance", [0.2, np.nan, 0.3], "NaN in some rows of variant 'tester' only"),
        ("relation", ["right", "good", "wrong"], "candidates.relation is 'good'"),
        ("relation", ["right", "right", "wrong"], "query 0 has more right candidates"),
        ("variant", ["tester", "other", "tester"], "candidates.variant is 'other'"),
    ],
)  # fmt: skip
def test_candidates_that_cannot_be_evaluated(
    queries, make_candidates, column, values, message
) -> None:
    candidates = make_candidates(ANSWERS).assign(**{column: values})
    with pytest.raises(EvaluationInputError, match=re.escape(message)):
        _check(candidates, queries)


def test_a_query_without_an_answer_has_no_right_candidate(queries, make_candidates) -> None:
    candidates = make_candidates({1: [(9, 0.2, "right")]})
    with pytest.raises(EvaluationInputError, match="query 1 has a right candidate, but in_data"):
        _check(candidates, queries)


def test_each_variant_has_its_own_highest_score(queries, make_candidates) -> None:
    both = pd.concat([make_candidates(ANSWERS, "a"), make_candidates(ANSWERS, "b")])
    assert len(_check(both, queries, a=9, b=9)) == 6
    with pytest.raises(EvaluationInputError, match="score is 9 for variant 'b'"):
        _check(both, queries, a=9, b=8)


@pytest.mark.parametrize(("word_counts", "message"), [({}, "is empty"), ({"tester": 0}, "is 0")])
def test_word_counts_must_make_sense(queries, make_candidates, word_counts, message) -> None:
    with pytest.raises(EvaluationInputError, match=f"word_counts.*{message}"):
        check_candidates(make_candidates(ANSWERS), queries, word_counts, EvaluationSettings())


def test_no_candidates_are_fine(queries, make_candidates) -> None:
    assert _check(make_candidates({}), queries).empty


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([0.1, np.nan, 0.2], "candidates.sign_distance is NaN in some rows"),
        ([0.1, 1.5, 0.2], "candidates.sign_distance is 1.5"),
    ],
)
def test_distances_of_signs_are_checked(queries, make_candidates, values, message) -> None:
    candidates = make_candidates(ANSWERS)
    assert "sign_distance" not in _check(candidates, check_queries(queries))
    with pytest.raises(EvaluationInputError, match=re.escape(message)):
        _check(candidates.assign(sign_distance=values), check_queries(queries))


def test_as_many_right_candidates_as_right_answers(make_queries, make_candidates) -> None:
    answers = {0: [(9, 0.1, "right"), (8, 0.2, "right")]}
    candidates = make_candidates(answers)
    checked = check_queries(make_queries([{"n_right": 2}]))
    assert len(_check(candidates, checked)) == 2
    with pytest.raises(EvaluationInputError, match="query 0 has more right candidates"):
        _check(candidates, checked.assign(n_right=1))


ROWS = [
    {"query": 4, "group": "sea", "half": "tune", "transform": "jpeg"},
    {"query": 2, "group": "hill", "half": "report", "transform": "crop"},
    {"query": 9, "group": "sea", "half": "tune", "transform": "crop", "in_database": False},
]


def test_parts_of_the_queries(make_queries) -> None:
    queries = read_queries(check_queries(make_queries(ROWS)))
    assert len(queries) == 3
    assert queries.number.tolist() == [2, 4, 9]
    assert queries.in_database.tolist() == [True, True, False]
    assert queries.group.tolist() == [0, 1, 1]
    assert queries.n_groups == 2
    assert {name: chosen.tolist() for name, chosen in queries.transforms.items()} == {
        "all": [True, True, True],
        "crop": [True, False, True],
        "jpeg": [False, True, False],
    }
    assert {name: chosen.tolist() for name, chosen in queries.halves.items()} == {
        "all": [True, True, True],
        "tune": [False, True, True],
        "report": [True, False, False],
    }


def test_categories_read_like_strings(make_queries) -> None:
    table = make_queries(ROWS)
    columns = ["group", "transform", "half", "status"]
    categories = pd.concat([table.drop(columns=columns), table[columns].astype("category")], axis=1)
    found = read_queries(check_queries(categories))
    assert found.group.tolist() == read_queries(check_queries(table)).group.tolist()
    assert list(found.transforms) == ["all", "crop", "jpeg"]


def test_right_answers_are_one_where_nothing_else_is_said(make_queries) -> None:
    table = make_queries(ROWS)
    assert read_queries(check_queries(table)).n_right.tolist() == [1, 1, 0]
    several = read_queries(check_queries(table.assign(n_right=[3, 2, 0])))
    assert several.n_right.tolist() == [2, 3, 0]
    assert several.in_database.tolist() == [True, True, False]


def test_failed_queries_are_not_signed(make_queries) -> None:
    queries = read_queries(check_queries(make_queries([{}, {"status": "failed"}])))
    assert queries.signed.tolist() == [True, False]
    assert queries.n_right.tolist() == [1, 1]


def test_columns_that_tell_queries_apart_make_parts(make_queries) -> None:
    table = make_queries([{}] * 4).assign(
        stratum=["b", "a", "b", "b"],
        origin="made",
        texture_decile=[0, 10, 2, 2],
        kind=["photo", "tile-96", "tile-128", "photo"],
    )
    found = read_queries(check_queries(table)).parts
    assert {part: np.flatnonzero(chosen).tolist() for part, chosen in found.items()} == {
        ("stratum", "a"): [1],
        ("stratum", "b"): [0, 2, 3],
        ("kind", "tile"): [1, 2],
        ("kind", "whole"): [0, 3],
        ("texture", "2"): [2, 3],
        ("texture", "10"): [1],
    }
    with pytest.raises(EvaluationInputError, match="stratum has missing values"):
        check_queries(table.assign(stratum=["a", None, "a", "b"]))
