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
