"""Answers of scores, and their table."""

import numpy as np
import pytest

from bench.index.variant import Variant
from bench.search.exact.answers import Answers, hits_table, lists_of
from imgsig import normalized_distance

SIZE = 12


@pytest.fixture(scope="module")
def answers(signed):
    return Answers(signed, SIZE)


def test_the_best_are_first_and_equal_ones_in_the_order_of_the_index(answers, signed):
    scores = [np.arange(60) // 7 for _ in answers.rows]
    hits = answers.ranked(scores, values=["distance"])
    assert set(hits["row"]) == set(answers.rows.tolist())
    for row, own in hits.groupby("row"):
        assert own["doc"].tolist() == [*range(56, 60), *range(49, 56), 42]
        assert own["rank"].tolist() == list(range(SIZE))
        far = normalized_distance(signed.database[own["doc"]], signed.query_signatures[row])
        np.testing.assert_array_equal(own["distance"], far.astype(np.float32))
        relations = signed.relations(np.full(SIZE, row), own["doc"].to_numpy(np.int64))
        assert ((own["code"] == 2) == (relations == "right")).all()


def test_a_table_of_lists_gives_them_back(answers):
    variant = Variant(63, 16, {"id": "none"})
    scores = [np.arange(60) for _ in answers.rows]
    found = {
        "signs": answers.ranked(scores, variant, ["distance", "sign_distance"]),
        "scores": answers.ranked(scores),
    }
    again = lists_of(hits_table(found))
    assert list(again) == list(found)
    for name, hits in found.items():
        own = again[name].drop(columns="source")
        assert list(own) == [column for column in hits if column != "doc"]
        for column in own:
            np.testing.assert_array_equal(own[column], hits[column])
