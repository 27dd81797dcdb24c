import numpy as np
import pandas as pd

from bench.evaluate.inputs import check_queries
from bench.evaluate.queries import read_queries

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


def test_strengths_of_each_family(make_queries) -> None:
    table = make_queries(
        [
            {"transform": "jpeg-30", "family": "jpeg", "strength": 30},
            {"transform": "jpeg-10", "family": "jpeg", "strength": 10},
            {"transform": "text", "family": "text", "strength": np.nan},
            {"transform": "jpeg-10", "family": "jpeg", "strength": 10},
        ]
    )
    found = read_queries(check_queries(table)).strengths
    assert str(list(found)) == "[('jpeg', 10.0), ('jpeg', 30.0), ('text', nan)]"
    assert [np.flatnonzero(chosen).tolist() for chosen in found.values()] == [[1, 3], [0], [2]]
    without = read_queries(check_queries(table.drop(columns="family"))).strengths
    assert [family for family, _ in without] == ["jpeg-10", "jpeg-30", "text"]
