"""Tables of documents, queries and listed relations."""

import math

import pytest
from PIL import Image

from bench.signing.tables import document_table, listed_table, query_table
from datasets import open_collection
from datasets.queries import Label, Query, QueryPlan
from datasets.transforms import get_transform

LABEL = Label("crops/50", "copydays-crop", 50.0)

#: Documents 0, 1, 2 are originals 4, 2, 0. Original 1 is not indexed.
PLAN = QueryPlan(
    database=(4, 2, 0),
    queries=(
        Query(0, 1, LABEL, 0, True, "tune", right=(2, 4), ignored=(0, 1)),
        Query(1, 3, Label("none", "none"), 0, False, "report", right=()),
        Query(2, 4, get_transform("jpeg-30"), 77, True, "report"),
        Query(3, 3, get_transform("jpeg-30"), 78, False, "tune"),
    ),
)


@pytest.fixture
def collection(tmp_path):
    for name in "abcde":
        Image.linear_gradient("L").resize((8, ord(name))).save(tmp_path / f"{name}.png")
    return open_collection(f"folder:{tmp_path}")


def test_documents_are_numbered_and_failures_kept(collection):
    table = document_table(collection, PLAN, {1: "damaged"})
    assert table["original"].tolist() == ["e.png", "c.png", "a.png"]
    assert table["doc"].tolist() == [0, -1, 1]
    assert table["status"].tolist() == ["ok", "failed", "ok"]
    assert table["reason"].tolist() == ["", "damaged", ""]
    assert table["path"].tolist() == ["e.png", "", "a.png"]  # a folder's own


def test_queries_name_their_first_right_answer_and_count_all(collection):
    table = query_table(collection, PLAN, document_table(collection, PLAN, {}), {1: "no picture"})
    assert table["doc"].tolist() == [1, -1, 0, -1]
    assert table["n_right"].tolist() == [2, 0, 1, 0]
    assert table["in_database"].tolist() == [True, False, True, False]
    assert table["original"].tolist() == ["b.png", "d.png", "e.png", "d.png"]
    assert table["transform"].tolist() == ["crops/50", "none", "jpeg-30", "jpeg-30"]
    assert table["family"].tolist()[0] == "copydays-crop"
    assert table["strength"].tolist()[0] == 50
    assert math.isnan(table["strength"].tolist()[1])
    assert table["status"].tolist() == ["ok", "failed", "ok", "ok"]


def test_right_answers_that_failed_count_and_are_not_found(collection):
    documents = document_table(collection, PLAN, {1: "damaged"})
    table = query_table(collection, PLAN, documents, {})
    assert table["doc"].tolist() == [0, -1, 0, -1]
    assert table["n_right"].tolist() == [2, 0, 1, 0]
    none = query_table(collection, PLAN, document_table(collection, PLAN, {0: "x", 1: "x"}), {})
    assert none["doc"].tolist() == [-1, -1, -1, -1]
    assert none["n_right"].tolist() == [2, 0, 1, 0]


def test_listed_pairs_are_those_that_are_indexed(collection):
    table = listed_table(PLAN, document_table(collection, PLAN, {}))
    assert list(table.itertuples(index=False, name=None)) == [
        (0, 1, "right"),
        (0, 0, "right"),
        (0, 2, "ignored"),
    ]
    failed = listed_table(PLAN, document_table(collection, PLAN, {1: "damaged"}))
    assert list(failed.itertuples(index=False, name=None)) == [(0, 0, "right"), (0, 1, "ignored")]
    unmatched = QueryPlan(PLAN.database, PLAN.queries[1:2])
    assert listed_table(unmatched, document_table(collection, PLAN, {})).empty
