import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.hits import Hits, hits_from_arrays
from bench.evaluate.inputs import Queries, check_queries, read_queries
from bench.evaluate.outputs import WRONG_PAIRS
from bench.kinds.sweep.by_cutoff import (
    BY_CUTOFF,
    DISTANCES,
    as_columns,
    by_cutoff,
    by_cutoff_table,
    last_found,
)
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import IGNORED, RIGHT, find_truth, signed_rows
from bench.search.exact.word_distance import word_distances
from imgsig import WordScheme

SCHEME = WordScheme(N=16, k=8)


@dataclass(frozen=True)
class Found:
    """All pairs of a query and a document that share a word."""

    queries: Queries
    hits: Hits
    last: np.ndarray
    documents: int


@pytest.fixture(scope="module")
def found(signed) -> Found:
    rows, truth = signed_rows(signed), find_truth(signed)
    hits = Simulator(signed.database, signed.query_signatures[rows]).search(SCHEME, 60)
    code = truth.of(hits.query, hits.doc)
    kept = code != IGNORED
    own = signed.database, signed.query_signatures[rows]
    columns = {
        "score": hits.score[kept],
        "sign_distance": word_distances(SCHEME, *own, hits.query[kept], hits.doc[kept]),
    }
    queries = read_queries(check_queries(signed.queries))
    right = code[kept] == RIGHT
    made = hits_from_arrays(rows[hits.query[kept]], right, columns, len(queries))
    return Found(queries, made, last_found(hits, rows, len(queries), 60), len(signed.database))


@pytest.fixture
def rows(found, monkeypatch) -> list[dict]:
    monkeypatch.setattr("bench.kinds.sweep.by_cutoff.MOST_WRONG", 1.0)
    return counted(found)


def counted(found: Found) -> list[dict]:
    weights = draw_groups(found.queries.n_groups, 50, 0)
    names = ["score", "sign_distance"]
    return by_cutoff(
        found.hits, found.last, found.queries, weights, found.documents, 16, names, 0.95
    )


def test_counts_are_those_of_all_pairs(found, rows):
    score, distance = (found.hits.by_ranking[name] for name in ("score", "sign_distance"))
    seen = set()
    for row in rows:
        if row["ranking"] == "score":
            assert row["min_score"] == row["cutoff"]
            kept = score >= row["cutoff"]
        else:
            kept = (score >= row["min_score"]) & (distance < row["cutoff"])
        assert row["wrong_pairs"] == (kept & ~found.hits.right).sum()
        assert row["right_pairs"] == (kept & found.hits.right).sum()
        assert row["recall"] == row["right_pairs"] / found.queries.n_right.sum()
        assert row["exposures"] == 15 * 60
        seen.add((row["ranking"], row["min_score"]))
    assert {("score", 1), ("score", 6), ("sign_distance", 1), ("sign_distance", 4)} <= seen
    assert ("sign_distance", 16) not in seen  # more than half the words


def test_hopeless_cutoffs_are_left_out(found):
    for row in counted(found):
        assert row["right_pairs"] > 0
        assert row["rate"] <= 1e-3


def test_the_table_holds_every_row_through_json(rows):
    text = json.dumps(as_columns(rows), allow_nan=False)
    table = by_cutoff_table({"16x8": json.loads(text), "empty": {}})
    assert list(table.columns) == [*WRONG_PAIRS, "min_score"]
    assert dict(table.dtypes.astype(str)) == dict(BY_CUTOFF)
    expected = pd.DataFrame(rows)[list(table.columns[1:])]
    pd.testing.assert_frame_equal(table.iloc[:, 1:], expected, check_dtype=False)
    assert by_cutoff_table({}).empty


def test_lists_that_are_full_may_lack_documents(signed):
    rows = signed_rows(signed)
    hits = Simulator(signed.database, signed.query_signatures[rows]).search(SCHEME, 5)
    last = last_found(hits, rows, 16, 5)
    assert last[5] == 0  # not signed, so not searched for
    for number, row in enumerate(rows):
        own = hits.score[hits.query == number]
        assert last[row] == (own[-1] if len(own) == 5 else 0)


def test_cutoffs_by_distance_are_the_floats_they_look_like():
    assert {0.1, 0.45, 0.7} <= set(DISTANCES.tolist())
